import { z } from 'zod';

/** The gate as a device of Home Assistant, over a broker of its own choice. Secrets are in files. */
export const homeAssistantSection = z
  .strictObject({
    enabled: z.boolean().default(false).describe('See docs/home-assistant.md'),
    broker: z
      .string()
      .max(300)
      .regex(/^mqtts?:\/\/[^/?#@\s]+$/)
      .default('mqtt://127.0.0.1:1883')
      .describe("Home Assistant's broker: mqtts://host:port or mqtt://host:port"),
    allowsPlainText: z
      .boolean()
      .default(false)
      .describe('Speak mqtt:// to another machine: everybody on the way reads who comes and goes'),
    authorityFile: z
      .string()
      .optional()
      .describe("PEM of who vouches for the broker; default: the system's authorities"),
    certificateFile: z.string().optional().describe('PEM, for a broker that asks for one'),
    keyFile: z.string().optional().describe('PEM, of the certificate; mode 0400'),
    username: z.string().min(1).max(100).optional(),
    passwordFile: z
      .string()
      .optional()
      .describe('One line, mode 0400; default: the credential portico.home-password'),
    discoveryPrefix: z
      .string()
      .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/)
      .default('homeassistant')
      .describe('As set in Home Assistant'),
    allowsOpening: z
      .boolean()
      .default(false)
      .describe('Open the door and lift a lock-down for whoever sends the code'),
    codeFile: z
      .string()
      .optional()
      .describe(
        'The code, one line of 8 to 64 characters, mode 0400; default: the credential portico.home-code',
      ),
  })
  .prefault({});

type HomeAssistantSection = z.infer<typeof homeAssistantSection>;

/** What the schema alone cannot see. */
export function homeAssistantProblems(section: HomeAssistantSection): string[] {
  const { enabled, broker, allowsPlainText, allowsOpening } = section;
  if (!enabled) return [];
  const problems: string[] = [];
  const isPlain = broker.startsWith('mqtt:');
  const isHere = /^mqtts?:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|$)/.test(broker);
  if (isPlain && !isHere && !allowsPlainText) {
    problems.push(
      'homeAssistant.broker has no TLS and is on another machine; use mqtts://, or say homeAssistant.allowsPlainText',
    );
  }
  if (isPlain && !isHere && allowsOpening) {
    problems.push(
      'homeAssistant.allowsOpening needs mqtts:// or a broker on this machine: the code would be readable on the way',
    );
  }
  if ((section.certificateFile === undefined) !== (section.keyFile === undefined)) {
    problems.push('homeAssistant.certificateFile and homeAssistant.keyFile need each other');
  }
  return problems;
}
