import type { Command } from 'commander';
import type { RunCommand } from '../run-command.ts';
import { addGateJoinCommand } from './gate-join.ts';

export function addGateCommands(program: Command, run: RunCommand): void {
  const gate = program.command('gate').description('this gate as one of a site');
  addGateJoinCommand(gate, run);
}
