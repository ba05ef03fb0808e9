import type { Command } from 'commander';
import type { RunCommand } from '../run-command.ts';
import { addSiteInitCommand } from './site-init.ts';
import { addSiteJoinCommands } from './site-join.ts';
import { addSitePublishCommand } from './site-publish.ts';
import { addSiteRevokeCommand } from './site-revoke.ts';
import { addSiteShowCommand } from './site-show.ts';

/** `portico site …`: founding a site, and who may act in it. */
export function addSiteCommands(program: Command, run: RunCommand): void {
  const site = program.command('site').description('found a site, and say who may act in it');
  addSiteInitCommand(site, run);
  addSiteShowCommand(site, run);
  addSiteJoinCommands(site, run);
  addSiteRevokeCommand(site, run);
  addSitePublishCommand(site, run);
}
