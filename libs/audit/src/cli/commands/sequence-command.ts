import { Command } from 'commander';
import { AuditSequencer } from '../../sequence/audit-sequencer.js';
import type { Work } from '../command-run.js';
import { EXIT } from '../exit-codes.js';

export function sequenceCommand(): { readonly command: Command; readonly work: Work<object> } {
  const command = new Command('sequence').description(
    'Give changes their positions in the order of their commits, until it is told to end. For apps with sequencer: false; any number may run, of which one works.',
  );
  return { command, work: sequence };
}

const sequence: Work<object> = async (_, { terminal, signal, json, service }) => {
  const sequencer = service(AuditSequencer);
  terminal.note('Gives positions, or stands by while another process does. Ctrl-C ends it.');
  await sequencer.run(signal);
  const trails = await sequencer.health();
  if (json) {
    terminal.line(JSON.stringify(trails));
  } else {
    for (const { instance, size, waiting } of trails) {
      terminal.line(`${instance}: ${size} positions, ${waiting} revisions without one`);
    }
  }
  return EXIT.ok;
};
