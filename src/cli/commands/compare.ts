import type { Command } from 'commander';
import { similarity as asSimilarity, distanceOf } from '../../domain/units.ts';
import { decodePhoto } from '../../frame/decode-photo.ts';
import { cosineSimilarity } from '../../numeric/linear-algebra.ts';
import { encoderIds } from '../../runtime/encoder-ids.ts';
import { withPeople } from '../people-store.ts';
import { usableFace, withAnalyser } from '../read-faces.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

/** One comparison between two given photographs tolerates this rate of false matches. */
const VERIFY_FMR = 1e-3;

export function addCompareCommands(program: Command, run: RunCommand): void {
  program
    .command('verify')
    .description('1:1: do two photographs show the same person? exit 0 yes, 1 no')
    .argument('<a>', 'photograph')
    .argument('<b>', 'photograph')
    .addHelpText('after', '\nExample:\n  portico verify ada-2025.jpg ada-2026.jpg')
    .action((left: string, right: string) => run((session) => verify(session, left, right)));
  program
    .command('identify')
    .description('1:N: whom of those enrolled does a photograph show? exit 0 somebody, 1 nobody')
    .argument('<photo>', 'photograph of one person alone')
    .addHelpText('after', '\nExample:\n  portico identify visitor.jpg --json')
    .action((photo: string) => run((session) => identify(session, photo)));
}

async function verify(session: Session, left: string, right: string): Promise<number> {
  const config = session.config();
  const policy = session.composition.policyOf(config);
  const rows = await withAnalyser(session, config, async (analyser) => {
    const [first, second] = [
      usableFace(await analyser.analyse(await decodePhoto(left)), left),
      usableFace(await analyser.analyse(await decodePhoto(right)), right),
    ];
    return first.embeddings.flatMap(({ modelId, embedding }) => {
      const other = second.embeddings.find((candidate) => candidate.modelId === modelId);
      if (other === undefined) return [];
      const similarity = cosineSimilarity(embedding, other.embedding);
      const limit = policy.thresholdOf(modelId, VERIFY_FMR, 1);
      const threshold = limit.outcome === 'known' ? limit.threshold : asSimilarity(1);
      const isMatch = limit.outcome === 'known' && similarity >= threshold;
      return [
        { encoder: modelId, similarity, distance: distanceOf(similarity), threshold, isMatch },
      ];
    });
  });
  const isMatch = rows[0]?.isMatch === true;
  session.terminal.result({ isMatch, fmr: VERIFY_FMR, encoders: rows });
  const { terminal } = session;
  terminal.say(
    isMatch
      ? terminal.style('green', '✔ the same person')
      : terminal.style('red', '✖ not the same person'),
  );
  terminal.say(
    terminal.table(
      ['encoder', 'similarity', 'd = 2 - 2 cos', `threshold at FMR ${VERIFY_FMR}`, 'match'],
      rows.map((row) => [
        row.encoder,
        row.similarity.toFixed(4),
        row.distance.toFixed(4),
        row.threshold.toFixed(4),
        row.isMatch ? 'yes' : 'no',
      ]),
    ),
  );
  return isMatch ? EXIT.ok : EXIT.no;
}

async function identify(session: Session, photo: string): Promise<number> {
  return withPeople(session, async (store, config) => {
    const policy = session.composition.policyOf(config);
    const [decider] = encoderIds(config);
    const face = await withAnalyser(session, config, async (analyser) =>
      usableFace(await analyser.analyse(await decodePhoto(photo)), photo),
    );
    const sample = face.embeddings.find(({ modelId }) => modelId === decider);
    if (sample === undefined) return EXIT.no;
    const search = store
      .snapshot()
      .search({ ...sample, capturedAtMs: session.composition.clock.now() });
    const limit = policy.thresholdOf(
      decider,
      policy.rules.targetFpir,
      Math.max(1, search.templatesCompared),
    );
    const candidates = search.candidates.map(({ identity, similarity }) => ({
      identityId: identity.identityId,
      similarity,
      isMatch: limit.outcome === 'known' && similarity >= limit.threshold,
    }));
    const threshold = limit.outcome === 'known' ? limit.threshold : undefined;
    const isMatch = candidates[0]?.isMatch === true;
    session.terminal.result({
      isMatch,
      encoder: decider,
      threshold,
      fpir: policy.rules.targetFpir,
      personsSearched: search.personsSearched,
      candidates,
    });
    session.terminal.say(
      isMatch
        ? `✔ ${candidates[0]?.identityId ?? ''}`
        : `✖ nobody among ${search.personsSearched} enrolled`,
    );
    session.terminal.say(
      session.terminal.table(
        ['person', 'similarity', `tau(N) ${threshold?.toFixed(4) ?? 'unknown'}`],
        candidates.map((row) => [
          row.identityId,
          row.similarity.toFixed(4),
          row.isMatch ? 'match' : 'no',
        ]),
      ),
    );
    return isMatch ? EXIT.ok : EXIT.no;
  });
}
