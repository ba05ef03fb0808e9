import type { Command } from 'commander';
import type { RunCommand } from '../run-command.ts';
import { addTrainAdaptCommand } from './train-adapt.ts';
import { addTrainEncoderCommand } from './train-encoder.ts';
import { addTrainTripletCommand } from './train-triplet.ts';
import { addTrainVerifyCommand } from './train-verify.ts';

/** Training on pictures of known people. Nothing that is trained reaches the door by itself. */
export function addTrainCommands(program: Command, run: RunCommand): void {
  const train = program
    .command('train')
    .description('train heads and a small encoder on pictures of known people');
  addTrainTripletCommand(train, run);
  addTrainVerifyCommand(train, run);
  addTrainEncoderCommand(train, run);
  addTrainAdaptCommand(train, run);
}
