import { relayContract } from './relay.contract.ts';
import {
  fakeGpioKind,
  lcusKind,
  modbusKind,
  realGpioKind,
  simulatedKind,
} from './relay-rigs/rig-kinds.ts';

relayContract(simulatedKind);
relayContract(fakeGpioKind('v1', false));
relayContract(fakeGpioKind('v1', true));
relayContract(fakeGpioKind('v2', false));
relayContract(fakeGpioKind('v2', true));
relayContract(realGpioKind);
relayContract(modbusKind);
relayContract(lcusKind);
