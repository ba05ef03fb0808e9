import assert from 'node:assert/strict';
import { connectAsync, type MqttClient } from 'mqtt';
import { discoveryProblems, isJson } from './home-assistant-rules.ts';

type Json = Readonly<Record<string, unknown>>;

/** The two kinds of value template that Portico's discovery uses. */
function render(template: string, value: Json): string {
  const member = /^\{\{ value_json\.([\w.]+) \}\}$/.exec(template);
  if (member !== null) return String(at(value, member[1] ?? ''));
  const choice = /^\{\{ '(\w+)' if value_json\.(\w+) == '(\w+)' else '(\w+)' \}\}$/.exec(template);
  assert.ok(choice !== null, `a template that nobody renders: ${template}`);
  const [, yes, path = '', wanted, no] = choice;
  return String(at(value, path) === wanted ? yes : no);
}

const at = (value: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (isJson(node) ? node[key] : undefined), value);

/** What `{{ {"value": value, "code": code, "at": utcnow().timestamp()} | to_json }}` comes to. */
function command(template: string, word: string, code: string | null, atSeconds: number): string {
  const verb =
    /^\{\{ \{"(\w+)": \1, "code": code, "at": utcnow\(\)\.timestamp\(\)\} \| to_json \}\}$/;
  const [, name] =
    verb.exec(template) ?? assert.fail(`a template that nobody renders: ${template}`);
  return JSON.stringify({ [name ?? '']: word, code, at: atSeconds });
}

/**
 * The other side of the exchange: speaks MQTT 3.1.1 as Home Assistant does by default, says that it has
 * started, takes discovery by the rules of its documentation, follows the topics named there and gives its
 * commands as the discovered templates say.
 */
export class ScriptedHomeAssistant {
  readonly events: Json[] = [];
  readonly discoveries: Json[] = [];
  readonly #client: MqttClient;
  readonly #texts = new Map<string, string>();

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, { retain }) =>
      this.#hear(topic, payload.toString(), retain),
    );
  }

  static async connect(
    port: number,
    login: { readonly username?: string; readonly password?: string } = {},
  ): Promise<ScriptedHomeAssistant> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, ...login });
    const home = new ScriptedHomeAssistant(client);
    const discoveries = 'homeassistant/device/+/config';
    await client.subscribeAsync(discoveries);
    client.on('connect', () => {
      void client.subscribeAsync(discoveries).then(() => home.sayBirth());
    });
    return home;
  }

  /** As its integration does when it has started, and whenever it has connected again. */
  async sayBirth(): Promise<void> {
    await this.#client.publishAsync('homeassistant/status', 'online');
  }

  get device(): Json | undefined {
    return this.discoveries.at(-1);
  }

  component(id: string): Json {
    const components = this.device?.['components'];
    const component = isJson(components) ? components[id] : undefined;
    return isJson(component) ? component : assert.fail(`no component ${id}`);
  }

  get isAvailable(): boolean {
    return this.#texts.get(String(this.device?.['availability_topic'])) === 'online';
  }

  /** The state that an entity would show; undefined before there is one. */
  state(id: string): string | undefined {
    const component = this.component(id);
    const topic = String(component['state_topic'] ?? this.device?.['state_topic']);
    const text = this.#texts.get(topic);
    if (text === undefined) return undefined;
    const value: unknown = JSON.parse(text);
    return isJson(value) ? render(String(component['value_template']), value) : undefined;
  }

  /** Gives a command to the lock or to the panel, with its template. */
  async order(
    id: string,
    word: string,
    code: string | null,
    options: { readonly isRetained?: boolean; readonly atSeconds?: number } = {},
  ): Promise<void> {
    const component = this.component(id);
    const atSeconds = options.atSeconds ?? Date.now() / 1_000;
    const text = command(String(component['command_template']), word, code, atSeconds);
    await this.say(id, text, options.isRetained);
  }

  /** Sends that text to the entity's command topic. */
  async say(id: string, text: string, isRetained = false): Promise<void> {
    const topic = String(this.component(id)['command_topic']);
    await this.#client.publishAsync(topic, text, { qos: 1, retain: isRetained });
  }

  async publish(topic: string, text: string, isRetained: boolean): Promise<void> {
    await this.#client.publishAsync(topic, text, { qos: 1, retain: isRetained });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #hear(topic: string, text: string, isRetained: boolean): void {
    if (!topic.endsWith('/config')) {
      this.#texts.set(topic, text);
      const isEvent = topic === this.component('happening')['state_topic'];
      if (isEvent && !isRetained) this.#event(text);
      return;
    }
    const payload: unknown = JSON.parse(text);
    assert.ok(isJson(payload));
    assert.deepEqual(discoveryProblems(topic, payload), []);
    this.discoveries.push(payload);
    const topics = [payload['availability_topic'], payload['state_topic']].map(String);
    void this.#client.subscribeAsync(
      [...topics, String(this.component('happening')['state_topic'])],
      { qos: 1 },
    );
  }

  #event(text: string): void {
    const event: unknown = JSON.parse(text);
    assert.ok(isJson(event));
    const types = this.component('happening')['event_types'];
    assert.ok(Array.isArray(types) && types.includes(event['event_type']));
    this.events.push(event);
  }
}
