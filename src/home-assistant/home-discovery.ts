import { EVERY_STYLE } from '../domain/art.ts';
import { HOME_EVENT_TYPES } from './home-event.ts';
import { deviceIdOf, type HomeTopics } from './home-topics.ts';

export interface HomeDevice {
  readonly gateId: string;
  /** As people call the door. */
  readonly name: string;
  readonly version: string;
  readonly topics: HomeTopics;
  /** Whether the operator gave this path a key with which it may open and lift. */
  readonly mayOpen: boolean;
  readonly hasContact: boolean;
  /** Names of the styles that can be chosen; absent: the gate has no art. */
  readonly styles: readonly string[] | undefined;
}

type Component = Readonly<
  Record<string, string | number | boolean | null | readonly string[]> & { platform: string }
>;

/**
 * The code and the moment travel with the command: Home Assistant can neither sign it nor say how long
 * it holds, so the gate looks at the one and at the age of the other.
 */
const template = (verb: 'value' | 'action'): string =>
  `{{ {"${verb}": ${verb}, "code": code, "at": utcnow().timestamp()} | to_json }}`;
const member = (name: string): string => `{{ value_json.${name} }}`;
/** Empty as well, since locking needs none: Home Assistant asks both ways alike. */
const CODE_FORMAT = '^(\\S{8,64})?$';

/**
 * The payload of device discovery: device, origin, and one component each, as the documentation of
 * Home Assistant's MQTT integration describes them. Component ids are part of their identity there.
 */
export function homeDiscovery(device: HomeDevice): Readonly<Record<string, unknown>> {
  const { gateId, name, version, topics } = device;
  const components = {
    ...doorComponents(device),
    ...watchComponents(device),
    ...artComponents(device),
  };
  return {
    device: {
      identifiers: [deviceIdOf(gateId)],
      name,
      manufacturer: 'Portico',
      model: 'Portico gate',
      sw_version: version,
    },
    origin: { name: 'Portico', sw_version: version },
    availability_topic: topics.availability,
    payload_available: 'online',
    payload_not_available: 'offline',
    state_topic: topics.state,
    qos: 1,
    components: Object.fromEntries(
      Object.entries(components).map(([id, component]) => [id, identified(gateId, id, component)]),
    ),
  };
}

/** A component with nothing but its platform is one that is taken away. */
const identified = (gateId: string, id: string, component: Component): Component =>
  Object.keys(component).length === 1
    ? component
    : { ...component, unique_id: `${deviceIdOf(gateId)}-${id}` };

function doorComponents({ topics, mayOpen, hasContact }: HomeDevice): Record<string, Component> {
  const lock: Component = {
    platform: 'lock',
    name: null,
    value_template: member('lock'),
    command_topic: topics.door,
    command_template: template('value'),
    code_format: CODE_FORMAT,
    optimistic: false,
    retain: false,
  };
  const bolt: Component = {
    platform: 'binary_sensor',
    name: 'Lock',
    device_class: 'lock',
    value_template: "{{ 'OFF' if value_json.lock == 'LOCKED' else 'ON' }}",
  };
  return {
    // Without a key there is nothing to press: the lock is shown, and that is all.
    lock: mayOpen ? lock : { platform: 'lock' },
    bolt: mayOpen ? { platform: 'binary_sensor' } : bolt,
    contact: hasContact
      ? { platform: 'binary_sensor', device_class: 'door', value_template: member('contact') }
      : { platform: 'binary_sensor' },
    lock_down: {
      platform: 'alarm_control_panel',
      name: 'Lock-down',
      value_template: member('lockDown'),
      command_topic: topics.lockDown,
      command_template: template('action'),
      supported_features: ['arm_away'],
      code_arm_required: false,
      code_disarm_required: mayOpen,
      code_trigger_required: false,
      ...(mayOpen ? { code: 'REMOTE_CODE_TEXT' } : {}),
      retain: false,
    },
  };
}

const watchComponents = ({ topics }: HomeDevice): Record<string, Component> => ({
  tamper: {
    platform: 'binary_sensor',
    device_class: 'tamper',
    value_template: member('tamper'),
  },
  presence: {
    platform: 'binary_sensor',
    device_class: 'occupancy',
    value_template: member('presence'),
  },
  problem: {
    platform: 'binary_sensor',
    device_class: 'problem',
    entity_category: 'diagnostic',
    value_template: member('problem'),
    json_attributes_topic: topics.state,
    json_attributes_template: '{{ {"faults": value_json.faults} | to_json }}',
  },
  person: {
    platform: 'sensor',
    name: 'Last person',
    icon: 'mdi:account',
    value_template: member('person'),
  },
  happening: {
    platform: 'event',
    name: 'Access',
    icon: 'mdi:door',
    state_topic: topics.event,
    event_types: HOME_EVENT_TYPES,
  },
});

function artComponents({ topics, styles }: HomeDevice): Record<string, Component> {
  if (styles === undefined) {
    return {
      art: { platform: 'switch' },
      art_style: { platform: 'select' },
      art_interval: { platform: 'number' },
      art_title: { platform: 'sensor' },
    };
  }
  return {
    art: {
      platform: 'switch',
      name: 'Art',
      icon: 'mdi:palette',
      value_template: member('art.power'),
      command_topic: topics.artPower,
      retain: false,
    },
    art_style: {
      platform: 'select',
      name: 'Art style',
      icon: 'mdi:brush',
      entity_category: 'config',
      options: [EVERY_STYLE, ...styles],
      value_template: member('art.style'),
      command_topic: topics.artStyle,
      retain: false,
    },
    art_interval: {
      platform: 'number',
      name: 'Art interval',
      entity_category: 'config',
      device_class: 'duration',
      unit_of_measurement: 's',
      min: ART_INTERVAL_S.least,
      max: ART_INTERVAL_S.most,
      step: 1,
      mode: 'box',
      value_template: member('art.intervalS'),
      command_topic: topics.artInterval,
      retain: false,
    },
    art_title: {
      platform: 'sensor',
      name: 'Art title',
      icon: 'mdi:image-frame',
      value_template: member('art.title'),
    },
  };
}

/** How long a style may stay, as the configuration has it. */
export const ART_INTERVAL_S = { least: 10, most: 86_400 } as const;
