import type { ChallengeOrder } from '../domain/challenge.ts';
import type { Box, Face, FaceMesh } from '../domain/face.ts';
import type { Frame } from '../domain/frame.ts';
import type { LivenessAssessment } from '../domain/liveness.ts';
import type { Observation, SubjectObservation } from '../domain/observation.ts';
import type { Probe } from '../domain/probe.ts';
import { overlapOf } from '../face/box-geometry.ts';
import { meshBounds, meshCropOfFace, meshCropOfMesh } from '../face/mesh-crop.ts';
import { isInZone, selectSubject } from '../face/select-subject.ts';
import { SubjectTrack } from '../face/subject-track.ts';
import type { CueContribution } from '../liveness/fusion-score.ts';
import { NOT_ASSESSED } from '../liveness/not-assessed.ts';
import { SubjectLiveness } from '../liveness/subject-liveness.ts';
import type { SimilarityTransform } from '../numeric/similarity-transform.ts';
import { FaceFinder } from './face-finder.ts';
import { FaceReader } from './face-reader.ts';
import { StageStopwatch } from './stage-stopwatch.ts';
import type { VisionOptions } from './vision-options.ts';
import { busyMs, type VisionStages } from './vision-stages.ts';

/** Faces of a frame, the subject's mesh among them. */
interface Sighting {
  readonly faceCount: number;
  readonly hasRival: boolean;
  /** Absent: nobody stands in the zone. */
  readonly subject?: MeshedFace;
}

interface MeshedFace {
  readonly mesh: FaceMesh;
  /** The detector's, from its last look. */
  readonly box: Box;
  /** The detector's, from its last look. */
  readonly confidence: number;
  /** Frames since the detector last looked; 0 when it looked at this one. */
  readonly framesSinceLook: number;
}

/**
 * The whole of vision for one camera: a frame in, an observation out. The order of the stages is
 * the order of `observe`. Runs in a worker; not reentrant.
 */
export class VisionPipeline {
  readonly #stages: VisionStages;
  readonly #options: VisionOptions;
  readonly #finder: FaceFinder;
  readonly #reader: FaceReader;
  readonly #track: SubjectTrack;
  readonly #liveness: SubjectLiveness | undefined;
  readonly #nowMs: () => number;
  /** The frame before; absent when nobody was there or the frame failed. */
  #before: Sighting | undefined;

  /** @param nowMs  a clock for durations only */
  constructor(stages: VisionStages, options: VisionOptions, nowMs: () => number) {
    this.#stages = stages;
    this.#options = options;
    this.#nowMs = nowMs;
    this.#finder = new FaceFinder(stages.detector, stages.detectorImage);
    this.#reader = new FaceReader(stages.encoders, options);
    this.#track = new SubjectTrack(options.track);
    const { liveness } = options;
    this.#liveness =
      liveness === undefined
        ? undefined
        : new SubjectLiveness(liveness.fusion, liveness.challengeAfterMs);
  }

  /** Begins a challenge with the next frame, if its track is still the one that is asked. */
  ask(order: ChallengeOrder): void {
    this.#liveness?.ask(order);
  }

  /** @throws PORTICO_MODEL_RUN; the track is then over, and the pipeline may be used again */
  async observe(frame: Frame): Promise<Observation> {
    const stopwatch = new StageStopwatch(this.#nowMs);
    const busyBeforeMs = busyMs(this.#stages);
    const before = this.#before;
    this.#before = undefined;
    try {
      const sighting = await this.#look(frame, before, stopwatch);
      const subject = await this.#describe(frame, sighting.subject, stopwatch);
      this.#before = sighting;
      stopwatch.addModels(busyMs(this.#stages) - busyBeforeMs);
      const { sequence, capturedAtMs } = frame;
      const { faceCount, hasRival } = sighting;
      const timings = stopwatch.finish();
      if (subject !== undefined && subject.probes.length > 0) {
        this.#reader.noteFrame(timings.total ?? 0);
      }
      return { sequence, capturedAtMs, faceCount, hasRival, subject, timings };
    } catch (fault) {
      this.#track.lose();
      throw fault;
    }
  }

  /** What each liveness cue adds to the subject's present ratio, strongest first. */
  explainLiveness(): readonly CueContribution[] {
    return this.#liveness?.explain() ?? [];
  }

  /** Follows the mesh of the frame before where that is allowed and works, else asks the detector. */
  async #look(
    frame: Frame,
    before: Sighting | undefined,
    stopwatch: StageStopwatch,
  ): Promise<Sighting> {
    const known = before?.subject;
    if (before !== undefined && known !== undefined) {
      const framesSinceLook = known.framesSinceLook + 1;
      if (framesSinceLook < this.#options.detectEvery) {
        const mesh = await this.#mesh(frame, this.#cropAfter(known.mesh), stopwatch);
        if (this.#follows(mesh, frame)) {
          return { ...before, subject: { ...known, mesh, framesSinceLook } };
        }
      }
    }
    const faces = await this.#finder.find(frame, stopwatch);
    const { zone, rivalRatio } = this.#options;
    const { subject, faceCount, hasRival } = selectSubject(faces, frame, zone, rivalRatio);
    if (subject === undefined) return { faceCount, hasRival };
    const mesh = await this.#meshOf(frame, subject, known?.mesh, stopwatch);
    const { box, confidence } = subject;
    return { faceCount, hasRival, subject: { mesh, box, confidence, framesSinceLook: 0 } };
  }

  /** The mesh before gives the steadier crop, as long as the detector sees the same face there. */
  async #meshOf(
    frame: Frame,
    face: Face,
    before: FaceMesh | undefined,
    stopwatch: StageStopwatch,
  ): Promise<FaceMesh> {
    if (before !== undefined) {
      const overlap = overlapOf(meshBounds(before), face.box);
      if (overlap >= this.#options.track.minOverlap) {
        const mesh = await this.#mesh(frame, this.#cropAfter(before), stopwatch);
        if (this.#follows(mesh, frame)) return mesh;
      }
    }
    return this.#mesh(frame, meshCropOfFace(face, this.#stages.mesher.sidePx), stopwatch);
  }

  #cropAfter(mesh: FaceMesh): SimilarityTransform {
    return meshCropOfMesh(mesh, this.#stages.mesher.sidePx);
  }

  #mesh(frame: Frame, crop: SimilarityTransform, stopwatch: StageStopwatch): Promise<FaceMesh> {
    return stopwatch.time('mesh', () => this.#stages.mesher.mesh(frame, crop));
  }

  /** Whether a mesh that was followed from the frame before still lies on the same face. */
  #follows(mesh: FaceMesh, frame: Frame): boolean {
    const box = meshBounds(mesh);
    return (
      mesh.confidence >= this.#options.quality.minMeshConfidence &&
      this.#track.continuesWith(box, frame.capturedAtMs) &&
      isInZone(box, frame, this.#options.zone)
    );
  }

  async #describe(
    frame: Frame,
    face: MeshedFace | undefined,
    stopwatch: StageStopwatch,
  ): Promise<SubjectObservation | undefined> {
    if (face === undefined) {
      this.#track.lose();
      this.#liveness?.reset();
      return undefined;
    }
    const reading = await stopwatch.time('quality', () => this.#reader.read(frame, face.mesh));
    const { box, landmarks, pose, quality } = reading;
    let trackId = this.#track.sight(box, frame.capturedAtMs);
    let probes: readonly Probe[] = [];
    if (quality.outcome === 'acceptable') {
      const embeddings = await this.#reader.encode(frame, reading, stopwatch);
      const [first] = embeddings;
      if (first !== undefined) trackId = this.#track.identify(first.embedding);
      probes = embeddings.map((named) => ({ ...named, capturedAtMs: frame.capturedAtMs }));
    }
    // Last, because comparing embeddings may have shown that this is somebody else.
    const liveness = await this.#assess(frame, { ...face, quality }, trackId, stopwatch);
    const { confidence } = face;
    return { trackId, box, landmarks, pose, confidence, quality, liveness, probes };
  }

  async #assess(
    frame: Frame,
    { mesh, box, confidence, quality }: MeshedFace & Pick<SubjectObservation, 'quality'>,
    trackId: number,
    stopwatch: StageStopwatch,
  ): Promise<LivenessAssessment> {
    const liveness = this.#liveness;
    const { passive } = this.#stages;
    if (liveness === undefined || passive === undefined) return NOT_ASSESSED;
    const { capturedAtMs } = frame;
    return stopwatch.time('liveness', async () =>
      liveness.observe(
        {
          capturedAtMs,
          trackId,
          mesh: mesh.points,
          box,
          detectorScore: confidence,
          passive: liveness.wantsPassive(capturedAtMs)
            ? await passive.score(frame, box)
            : undefined,
          picture: frame,
        },
        quality.outcome === 'acceptable',
      ),
    );
  }
}
