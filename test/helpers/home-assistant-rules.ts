/**
 * What the documentation of Home Assistant's MQTT integration demands of a device discovery payload and of
 * the components in it, as far as Portico uses them; unabbreviated names only.
 */

const SHARED = [
  'availability_topic',
  'payload_available',
  'payload_not_available',
  'state_topic',
  'command_topic',
  'qos',
  'encoding',
];
const ENTITY = [
  'platform',
  'unique_id',
  'name',
  'icon',
  'entity_category',
  'enabled_by_default',
  'json_attributes_topic',
  'json_attributes_template',
  ...SHARED,
];

interface Platform {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly deviceClasses?: readonly string[];
}

const PLATFORMS: Readonly<Record<string, Platform>> = {
  lock: {
    required: ['command_topic', 'state_topic'],
    optional: ['code_format', 'command_template', 'optimistic', 'retain', 'value_template'],
  },
  alarm_control_panel: {
    required: ['command_topic', 'state_topic'],
    optional: [
      'code',
      'code_arm_required',
      'code_disarm_required',
      'code_trigger_required',
      'command_template',
      'retain',
      'supported_features',
      'value_template',
    ],
  },
  binary_sensor: {
    required: ['state_topic'],
    optional: ['device_class', 'value_template'],
    deviceClasses: ['door', 'lock', 'tamper', 'occupancy', 'problem'],
  },
  sensor: { required: ['state_topic'], optional: ['value_template'] },
  event: { required: ['state_topic', 'event_types'], optional: [] },
  switch: { required: ['command_topic'], optional: ['retain', 'value_template'] },
  select: { required: ['command_topic', 'options'], optional: ['retain', 'value_template'] },
  number: {
    required: ['command_topic'],
    optional: [
      'device_class',
      'max',
      'min',
      'mode',
      'retain',
      'step',
      'unit_of_measurement',
      'value_template',
    ],
    deviceClasses: ['duration'],
  },
};

const DEVICE = ['identifiers', 'name', 'manufacturer', 'model', 'sw_version', 'configuration_url'];
const ORIGIN = ['name', 'sw_version', 'support_url'];

type Json = Readonly<Record<string, unknown>>;

/** Everything that Home Assistant would not take, or would leave out; empty for a sound payload. */
export function discoveryProblems(topic: string, payload: Json): readonly string[] {
  const problems: string[] = [];
  if (!/^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/.test(topic)) problems.push(topic);
  const { device, origin, components, ...shared } = payload;
  problems.push(...strange('root', shared, SHARED));
  if (!isJson(device) || !Array.isArray(device['identifiers'])) problems.push('no identifiers');
  else problems.push(...strange('device', device, DEVICE));
  if (!isJson(origin) || typeof origin['name'] !== 'string') problems.push('no origin');
  else problems.push(...strange('origin', origin, ORIGIN));
  if (!isJson(components)) return [...problems, 'no components'];
  const ids = new Set<unknown>();
  for (const [id, component] of Object.entries(components)) {
    if (!isJson(component)) problems.push(`${id} is no object`);
    else problems.push(...componentProblems(id, component, shared, ids));
  }
  return problems;
}

function componentProblems(
  id: string,
  component: Json,
  shared: Json,
  ids: Set<unknown>,
): readonly string[] {
  const platform = PLATFORMS[String(component['platform'])];
  if (platform === undefined) return [`${id} is of no platform`];
  // With nothing but its platform a component is removed.
  if (Object.keys(component).length === 1) return [];
  const problems = [
    ...strange(id, component, [...ENTITY, ...platform.required, ...platform.optional]),
  ];
  for (const key of platform.required) {
    if (component[key] === undefined && shared[key] === undefined)
      problems.push(`${id}: no ${key}`);
  }
  const uniqueId = component['unique_id'];
  if (typeof uniqueId !== 'string' || ids.has(uniqueId)) problems.push(`${id}: no unique_id`);
  ids.add(uniqueId);
  const deviceClass = component['device_class'];
  if (deviceClass !== undefined && platform.deviceClasses?.includes(String(deviceClass)) !== true) {
    problems.push(`${id}: device_class ${String(deviceClass)}`);
  }
  const isNamed = component['name'] === null || typeof component['name'] === 'string';
  if (!isNamed && deviceClass === undefined) problems.push(`${id}: neither name nor device_class`);
  return problems;
}

const strange = (where: string, value: Json, known: readonly string[]): readonly string[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}: ${key} is unknown`);

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
