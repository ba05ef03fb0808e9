import { z } from 'zod';
import { homeAssistantSection } from './home-assistant-section.ts';

/**
 * The one configuration file. Strict: an unknown key is an error, every number is bounded, every field
 * says what it is. Secrets are never in it: the store's key comes from credentials or a key file.
 */

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const hours = z
  .array(
    z.strictObject({
      from: z.string().regex(TIME).describe('Begin, site time, HH:MM'),
      to: z
        .string()
        .regex(TIME)
        .describe('End, site time, HH:MM or 24:00; not after: the next day'),
    }),
  )
  .max(12);

const schedule = z.strictObject({
  week: z
    .partialRecord(z.enum(DAYS), hours)
    .default({})
    .describe('Hours in which the schedule admits, per day; a day that is absent admits nobody'),
  observesHolidays: z.boolean().default(true).describe('False: holidays are ordinary days'),
});

const liveness = z
  .union([
    z.strictObject({
      required: z.literal(true),
      challenge: z
        .enum(['when-undecided', 'always', 'never'])
        .default('when-undecided')
        .describe('Who is asked to blink, turn the head and come closer, in random order'),
      challengeAfterMs: z
        .int()
        .min(2000)
        .max(15_000)
        .default(4000)
        .describe('Looking on for so long without a finding makes a challenge due'),
    }),
    z.strictObject({
      waivedBecause: z
        .string()
        .min(10)
        .max(120)
        .describe(
          'Opens the door without a proof of life; shown on the page, the terminal and in every event',
        ),
    }),
  ])
  .prefault({ required: true });

const policy = z
  .strictObject({
    targetFpir: z
      .number()
      .min(1e-8)
      .max(0.05)
      .default(1e-4)
      .describe(
        'Tolerated probability that a search among all enrolled people lets a stranger match',
      ),
    minimumMargin: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.05)
      .describe('Cosine by which the best person must lead the second best'),
    minimumFrames: z.int().min(1).max(8).default(3).describe('Good frames that must agree'),
    maximumFrameAgeMs: z.int().min(100).max(2000).default(1000).describe('Older evidence is stale'),
    fuseEncoders: z
      .enum(['off', 'when-in-time'])
      .default('off')
      .describe(
        'Decide by all encoders together, in frames that leave time for the others; see docs/evaluation.md',
      ),
    untrustedClock: z
      .enum(['deny', 'admit-always'])
      .default('deny')
      .describe(
        'While the time is not known: nobody, or those whose access has no hours and no dates',
      ),
    liveness,
    schedules: z.record(z.string().min(1).max(40), schedule).default({}),
    holidays: z
      .record(z.string().regex(DATE), hours)
      .default({})
      .describe('Dates whose hours replace those of the week; an empty list closes the day'),
    defaultSchedule: z
      .string()
      .default('always')
      .describe('Schedule of people without one; "always" needs no entry'),
  })
  .prefault({});

const gateSection = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .default('gate-1')
      .describe('Opaque id of a gate that stands alone; in a site its passport names it'),
    name: z.string().max(60).default('Front door').describe('Shown on the page'),
    siteName: z.string().max(60).default('Portico').describe('Shown on the page'),
    timeZone: z.string().default('UTC').describe('IANA name; schedules are in this zone'),
  })
  .prefault({});

const camera = z
  .strictObject({
    source: z
      .string()
      .default('v4l2:/dev/video0')
      .describe('v4l2:, csi:, rtsp://, file:, dir:, libcamera: or test:'),
    widthPx: z.int().min(320).max(1920).multipleOf(4).default(640),
    heightPx: z.int().min(240).max(1080).multipleOf(2).default(480),
    framesPerSecond: z.int().min(1).max(60).default(15),
  })
  .prefault({});

const door = z
  .strictObject({
    relay: z.string().default('simulated:').describe('simulated:, gpio:, modbus: or lcus:'),
    inputs: z.string().default('none:').describe('none: or gpio:; door contact and exit button'),
    pulseMs: z.int().min(100).max(30_000).default(3000).describe('How long the strike is released'),
    maximumPulseMs: z
      .int()
      .min(100)
      .max(60_000)
      .default(10_000)
      .describe('The driver refuses more'),
    heldOpenAfterMs: z.int().min(5000).max(600_000).default(30_000),
    exitButtonOpens: z
      .boolean()
      .default(false)
      .describe('False: the button only marks the exit as allowed'),
  })
  .prefault({});

const models = z
  .strictObject({
    directory: z.string().optional().describe('Manifests; default: those shipped'),
    cacheDirectory: z
      .string()
      .optional()
      .describe('Prepared models; default: under the user cache'),
    encoders: z
      .array(z.string().min(1))
      .min(1)
      .max(3)
      .default(['mobilefacenet-512'])
      .describe('The first decides; the others are recorded beside it'),
  })
  .prefault({});

const inference = z
  .strictObject({
    providers: z
      .array(z.enum(['tensorrt', 'cuda', 'webgpu', 'cpu']))
      .min(1)
      .default(['cpu'])
      .describe('Tried in this order; each must prove itself'),
    minimumProvider: z.enum(['tensorrt', 'cuda', 'webgpu', 'cpu']).default('cpu'),
    threads: z
      .union([z.literal('auto'), z.int().min(1).max(16)])
      .default('auto')
      .describe('Of each network on the processor; auto: measured once for each on this machine'),
    engineModule: z.string().optional().describe('Folder of another build of onnxruntime-node'),
  })
  .prefault({});

const store = z
  .strictObject({
    path: z.string().optional().describe('Default: portico.db in the state directory'),
    keyFile: z
      .string()
      .optional()
      .describe('Default: portico.key in the state directory, mode 0400'),
  })
  .prefault({});

const kiosk = z
  .strictObject({
    enabled: z.boolean().default(true),
    host: z.enum(['127.0.0.1', '::1']).default('127.0.0.1').describe('Loopback only'),
    port: z.int().min(0).max(65_535).default(8787).describe('0: any free port'),
    language: z.enum(['auto', 'en', 'zh-Hans']).default('auto'),
    showNames: z.boolean().default(false).describe('Greet people by name'),
  })
  .prefault({});

const dayHours = {
  from: z.string().regex(TIME).describe('Begin, site time, HH:MM'),
  to: z.string().regex(TIME).describe('End, site time, HH:MM or 24:00; not after: the next day'),
};

const art = z
  .strictObject({
    enabled: z.boolean().default(true).describe('False: the page keeps its plain idle picture'),
    socket: z
      .string()
      .max(100)
      .optional()
      .describe('Where gate and art process meet; default: art.sock in the run or state directory'),
    content: z
      .enum(['camera-without-faces', 'camera', 'gallery'])
      .default('camera-without-faces')
      .describe('What is painted; no frame in which a face was seen, any frame, or a folder'),
    gallery: z.string().optional().describe('Folder of photographs to paint'),
    manner: z
      .enum(['fast', 'slow'])
      .default('fast')
      .describe('A trained net, frame by frame; or one painting that comes into being'),
    styles: z.string().optional().describe('Folder of pictures in whose manner is painted slowly'),
    style: z.string().min(1).max(120).default('every').describe('One style by its name, or every'),
    intervalS: z
      .int()
      .min(10)
      .max(86_400)
      .default(120)
      .describe('How long one style or picture stays'),
    slowMinutes: z
      .number()
      .min(0.1)
      .max(240)
      .default(8)
      .describe('How long a slow painting takes to come into being'),
    picturesPerSecond: z.number().min(0.1).max(15).default(2).describe('At most, painted fast'),
    longSidePx: z.int().min(128).max(1024).default(512).describe('Of what is painted'),
    threads: z.int().min(1).max(16).default(1).describe('Of the painter, on the processor'),
    niceness: z
      .int()
      .min(0)
      .max(19)
      .default(19)
      .describe('Priority of the painter; 19: what nobody else wants'),
    hours: z.strictObject(dayHours).prefault({ from: '00:00', to: '24:00' }),
    night: z
      .strictObject({
        ...dayHours,
        brightness: z.number().min(0.05).max(1).describe('Of the idle page at night'),
      })
      .prefault({ from: '22:00', to: '06:00', brightness: 0.45 }),
    resumeAfterS: z
      .number()
      .min(0.5)
      .max(600)
      .default(4)
      .describe('Quiet after the last face before painting goes on'),
    maximumTemperatureC: z.int().min(30).max(110).default(75).describe('Hotter: painting pauses'),
  })
  .prefault({});

const health = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Serve metrics and status'),
    host: z.enum(['127.0.0.1', '::1']).default('127.0.0.1').describe('Loopback only'),
    port: z.int().min(0).max(65_535).default(9464).describe('0: any free port'),
    minimumFreeMiB: z
      .int()
      .min(16)
      .max(1_048_576)
      .default(256)
      .describe('Less room for the store than this is a fault'),
    maximumTemperatureC: z
      .int()
      .min(40)
      .max(120)
      .default(90)
      .describe('A hotter sensor than this is a fault'),
    timeService: z
      .enum(['expected', 'none'])
      .default('expected')
      .describe('Expected: a clock that no time service has set for 15 minutes is a fault'),
  })
  .prefault({});

const DAY_S = 86_400;

const site = z
  .strictObject({
    passport: z
      .string()
      .optional()
      .describe(
        'What `portico gate join` keeps: endpoint, certificates and keys; default: passport.json in the state directory, or the credential portico.passport. Without one the gate stands alone',
      ),
    events: z
      .enum(['receipt', 'broker'])
      .default('receipt')
      .describe('Forget an event when an auditor has signed for it, or when the broker took it'),
    pictures: z
      .strictObject({
        of: z
          .array(z.enum(['denied', 'attack-suspected', 'granted']))
          .min(1)
          .default(['denied', 'attack-suspected'])
          .describe(
            'Only where site.pictures stands: of which events the face goes to the auditors, sealed for them alone. Tell people at the door, and heed your law',
          ),
        keepHours: z
          .int()
          .min(1)
          .max(720)
          .default(72)
          .describe('Only where site.pictures stands: then gate and auditors delete the picture'),
      })
      .optional()
      .describe('Absent: no picture of anybody is ever made'),
    staleRoster: z
      .strictObject({
        incompleteAfterS: z
          .int()
          .min(5)
          .max(3600)
          .default(30)
          .describe(
            'Records missing for so long: only people that a head has covered are admitted',
          ),
        expireAfterS: z
          .int()
          .min(0)
          .max(366 * DAY_S)
          .optional()
          .describe("So long after the last head's validity nobody is admitted; default: never"),
      })
      .prefault({}),
  })
  .prefault({});

export const configSchema = z.strictObject({
  schemaVersion: z.literal(1),
  gate: gateSection,
  camera,
  door,
  models,
  inference,
  store,
  policy,
  kiosk,
  art,
  health,
  homeAssistant: homeAssistantSection,
  site,
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

type Parsed = z.infer<typeof configSchema>;
/** The checked configuration, with every path resolved. */
export type Config = Readonly<
  Omit<Parsed, 'store' | 'models' | 'art' | 'site'> & {
    site: Omit<Parsed['site'], 'passport'> & {
      readonly passport: string;
      readonly credentialsDirectory: string | undefined;
    };
    art: Omit<Parsed['art'], 'socket'> & { readonly socket: string };
    store: {
      readonly path: string;
      readonly keyFile: string;
      readonly credentialsDirectory: string | undefined;
    };
    models: {
      readonly directory: string | undefined;
      readonly cacheDirectory: string;
      readonly encoders: readonly string[];
    };
  }
>;
