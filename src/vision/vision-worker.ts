// Entry of the vision worker thread: owns every model of the door and looks at one frame at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { faultRecordOf } from './fault-record.ts';
import type { SlotFrame } from './frame-slots.ts';
import type { VisionReply, VisionRequest, VisionSetup } from './vision-messages.ts';
import { VisionPipeline } from './vision-pipeline.ts';
import { closeVisionStages, openVisionStages, type VisionStages } from './vision-stages.ts';

const setup: VisionSetup = workerData;
const frames = setup.buffers.map((buffer) => new Uint8Array(buffer));
const reply = (message: VisionReply): void => parentPort?.postMessage(message);

/** The reply says what happened; the main thread decides whether this worker lives on. */
async function guarded(step: () => Promise<VisionReply>): Promise<void> {
  try {
    reply(await step());
  } catch (fault) {
    reply({ kind: 'fault', fault: faultRecordOf(fault) });
  }
}

async function open(): Promise<VisionReply> {
  const stages = await openVisionStages(setup.options);
  const pipeline = new VisionPipeline(stages, setup.options, () => performance.now());
  let running: Promise<void> = Promise.resolve();
  parentPort?.on('message', (request: VisionRequest) => {
    switch (request.kind) {
      case 'observe':
        running = guarded(() => observe(pipeline, request.frame));
        break;
      case 'ask':
        pipeline.ask(request.order);
        break;
      case 'stop':
        void running.then(() => stop(stages));
        break;
    }
  });
  return { kind: 'ready', ladder: stages.ladder };
}

/** Without its port open the thread has nothing left to wait for and ends. */
async function stop(stages: VisionStages): Promise<void> {
  parentPort?.close();
  await closeVisionStages(stages);
}

async function observe(pipeline: VisionPipeline, frame: SlotFrame): Promise<VisionReply> {
  const { slot, sequence, capturedAtMs } = frame;
  const rgb = frames[slot];
  if (rgb === undefined) throw new RangeError(`there is no frame slot ${slot}`);
  const observation = await pipeline.observe({ ...setup.size, sequence, capturedAtMs, rgb });
  return { kind: 'observation', observation };
}

await guarded(open);
