import type { Command } from 'commander';
import type { RunCommand } from '../run-command.ts';
import { addGateJoinCommand } from './gate-join.ts';
import { addGateProvisionCommand } from './gate-provision.ts';

/** `portico gate …`: how a gate comes to belong to a site. */
export function addGateCommands(program: Command, run: RunCommand): void {
  const gate = program.command('gate').description('let a gate belong to a site');
  addGateProvisionCommand(gate, run);
  addGateJoinCommand(gate, run);
}
