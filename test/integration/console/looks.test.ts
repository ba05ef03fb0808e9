import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import type { Console } from '../../../src/console/console.ts';
import {
  dialogOf,
  FAULTS_OF_CONSOLE,
  givePhoto,
  type Looks,
  openConsolePage,
  type Session,
} from '../../helpers/console-page.ts';
import { ConsoleStage, facePhoto, poorPhoto } from '../../helpers/console-stage.ts';
import {
  CHROMIUM_ARGUMENTS,
  chromiumMissing,
  findChromium,
  webcamArguments,
} from '../../helpers/find-chromium.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { until } from '../../helpers/until.ts';

const chromiumPath = findChromium();
const skip = mosquittoMissing === false ? chromiumMissing : mosquittoMissing;
/** Shown in the documents, small. */
const PICTURES = process.env['PORTICO_PICTURES'];
const DESK = { width: 1280, height: 800 } as const;
const PHONE = { width: 375, height: 812 } as const;
/** Each two of a language, a scheme and a size once. */
const LOOKS: readonly Looks[] = [
  { language: 'en', scheme: 'dark', size: DESK },
  { language: 'en', scheme: 'light', size: PHONE },
  { language: 'zh-Hans', scheme: 'light', size: DESK },
  { language: 'zh-Hans', scheme: 'dark', size: PHONE },
];
/** For the documents: both languages by daylight on both screens. */
const PICTURED_LOOKS: readonly Looks[] = [
  ...LOOKS,
  { language: 'en', scheme: 'light', size: DESK },
  { language: 'zh-Hans', scheme: 'light', size: PHONE },
];
/** Where a site would lie that was not made for a test. */
const SHOW_USUAL_FOLDER = `for (const code of document.querySelectorAll('.files code')) {
  code.textContent = '/home/ada/harbour';
}`;
const NAMES = ['Ada Lovelace', 'Grace Hopper', '李小龙', 'Zoë Müller-Lüdenscheidt', 'Alan Turing'];

/** One state of the page: how it is reached, and how it is left. */
interface State {
  readonly name: string;
  readonly enter: (page: Page) => Promise<void>;
  readonly leave?: (page: Page) => Promise<void>;
}
const close = async (page: Page): Promise<void> => {
  const dialogs = page.locator('dialog');
  const count = await dialogs.count();
  await page.keyboard.press('Escape');
  await dialogs.nth(count - 1).waitFor({ state: 'detached' });
};
const press =
  (key: string, selector: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press(key);
    await page.locator(selector).first().waitFor();
  };
const photo =
  (bytes: Buffer, verdict: string) =>
  async (page: Page): Promise<void> => {
    await press('n', 'dialog[open]')(page);
    await givePhoto(page, bytes);
    await page.locator(verdict).waitFor();
  };
const source =
  (name: string, selector: string) =>
  async (page: Page): Promise<void> => {
    await press('n', 'dialog[open]')(page);
    await page.locator(`[data-source=${name}]`).click();
    await page.locator(selector).waitFor({ state: 'attached' });
  };
const STATES: readonly State[] = [
  { name: 'people', enter: press('1', '.row') },
  { name: 'enrol', enter: press('n', 'dialog[open]'), leave: close },
  { name: 'photo-good', enter: photo(facePhoto(99), '.verdict .good'), leave: close },
  {
    name: 'photo-refused',
    enter: photo(poorPhoto('several-faces'), '.verdict .bad'),
    leave: close,
  },
  { name: 'photo-duplicate', enter: photo(facePhoto(1), '.duplicate img'), leave: close },
  { name: 'webcam', enter: source('webcam', '.webcam-state[hidden]'), leave: close },
  { name: 'at-gate', enter: source('gate', '.at-gate'), leave: close },
  {
    name: 'person',
    enter: async (page) => {
      await page.locator('.row', { hasText: 'Grace' }).click();
      await dialogOf(page).waitFor();
    },
  },
  {
    name: 'revoke',
    enter: async (page) => {
      await dialogOf(page).locator('.button.danger').click();
      await page.locator('.question').waitFor();
    },
    leave: async (page) => {
      await close(page);
      await close(page);
    },
  },
  { name: 'gates', enter: press('2', '.gate dl') },
  { name: 'lock-down', enter: press('l', '.question'), leave: close },
  { name: 'events', enter: press('3', '.event .look') },
  {
    name: 'picture',
    enter: async (page) => {
      await press('3', '.event .look')(page);
      await page.locator('.look').first().click();
      await page.locator('.portrait img').waitFor();
    },
    leave: close,
  },
  { name: 'site', enter: press('4', '.administrators') },
  { name: 'shortcuts', enter: press('?', '.shortcuts'), leave: close },
];

const band = (connection: string) => async (page: Page) => {
  await page.locator(`body[data-connection=${connection}] .connection-band p`).waitFor();
};

/** What happens less often; one gate is away and answers no order. */
const rareStates = (stage: ConsoleStage): readonly State[] => [
  {
    name: 'lock-down-answers',
    enter: async (page) => {
      await press('l', '.question')(page);
      await page.keyboard.press('Enter');
      await page.locator('.results .good').nth(1).waitFor();
    },
    leave: close,
  },
  {
    name: 'locked-down',
    enter: press('2', '.in-force'),
    leave: async (page) => {
      await page.locator('.lock-down .button:not(.danger)').click();
      await dialogOf(page).locator('footer .primary').click();
      await page.locator('.results .good').nth(1).waitFor();
      await close(page);
      await page.locator('.in-force').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'broker-away',
    enter: async (page) => {
      await stage.broker.stop();
      await band('down')(page);
    },
    leave: async (page) => {
      await stage.broker.run();
      await page.locator('body[data-connection=up]').waitFor();
    },
  },
];

describe('how the administrator’s page looks', { skip }, () => {
  let stage: ConsoleStage;
  let served: Console;
  let browser: Browser;
  let session: Session;
  let url: string;

  before(async () => {
    stage = await ConsoleStage.open(['front', 'loading-dock', 'side']);
    served = await stage.startConsole();
    url = new URL(served.invitation).origin;
    const args = [...CHROMIUM_ARGUMENTS, ...webcamArguments(stage.webcamPath)];
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await served?.close();
    await stage?.close();
  });

  it('is whole with nothing in it, and fills as a site does', async () => {
    const { page } = await openConsolePage(browser, served.invitation);
    await page.locator('.empty').waitFor();
    assert.deepEqual(await page.evaluate(FAULTS_OF_CONSOLE), []);
    await takePicture(page, 'empty', { language: 'en', scheme: 'light', size: DESK });
    session = await page.context().storageState();
    for (const [index, name] of NAMES.entries()) {
      await page.keyboard.press('n');
      await page.getByLabel('Name', { exact: true }).fill(name);
      if (index === 1) await page.getByLabel('Hours').fill('weekdays');
      if (index === 1) await page.getByLabel('Access ends after').fill('2027-06-30');
      await givePhoto(page, facePhoto(index + 1));
      await page.locator('.verdict .good').waitFor();
      await page.getByRole('button', { name: 'Enrol', exact: true }).click();
      await dialogOf(page).waitFor({ state: 'detached' });
    }
    await happen(stage);
    await page.keyboard.press('2');
    await page.locator('[data-gate=loading-dock][data-availability=offline]').waitFor();
    await page.locator('[data-gate=side] .faults').waitFor();
  });

  for (const looks of PICTURES === undefined ? LOOKS : PICTURED_LOOKS) {
    const { language, scheme, size } = looks;
    it(`has no fault of layout in any state: ${language}, ${scheme}, ${size.width} px`, async () => {
      const { page, complaints } = await openConsolePage(browser, url, { session, looks });
      await page.locator('.row').first().waitFor();
      await walk(page, STATES, looks);
      assert.deepEqual(complaints, []);
    });
  }

  for (const looks of PICTURES === undefined ? LOOKS.slice(0, 2) : PICTURED_LOOKS) {
    const { language, scheme, size } = looks;
    it(`nor in the rarer ones: ${language}, ${scheme}, ${size.width} px`, async () => {
      const { page } = await openConsolePage(browser, url, { session, looks });
      await page.locator('.row').first().waitFor();
      await walk(page, rareStates(stage), looks);
    });
  }
});

async function walk(page: Page, states: readonly State[], looks: Looks): Promise<void> {
  for (const { name, enter, leave } of states) {
    await enter(page);
    assert.deepEqual(await page.evaluate(FAULTS_OF_CONSOLE), [], name);
    await takePicture(page, name, looks);
    await leave?.(page);
  }
}

/** A day at the site, told in a moment. */
async function happen(stage: ConsoleStage): Promise<void> {
  const front = stage.gate('front');
  const ada = front.store.identities().find(({ name }) => name === 'Ada Lovelace');
  await until('the gates know everybody', () => front.store.identities().length === NAMES.length);
  const similarity = { similarity: 0.7, threshold: 0.4, modelId: 'encoder-a' };
  front.happens({ type: 'gate.started', version: '0.1.0', provider: 'tensorrt' });
  const refused = { type: 'access.denied', reasons: ['liveness-unproven', 'no-match'] } as const;
  await front.pictures(front.happens(refused), stage.portrait);
  const past = { digest: 'd'.repeat(43), expiresAtMs: Date.now() - 60_000 };
  const attack = front.happens({ type: 'access.denied', reasons: ['attack-suspected'] });
  front.happens({ type: 'picture.taken', of: attack, ...past });
  const identityId = ada?.identityId ?? '';
  front.happens({ type: 'access.granted', identityId, ...similarity, frameToRelayMs: 120 });
  front.happens({ type: 'door.closed' });
  const code = 'PORTICO_CAMERA_STALLED';
  const side = stage.gate('side');
  side.happens({ type: 'fault.raised', code, detail: 'no frame for 2 s' });
  side.report({ camera: 'fault', faults: [code], temperaturesCelsius: { cpu: 61.2 } });
  side.happens({ type: 'door.forced' });
  await stage.gate('loading-dock').leave();
}

async function takePicture(page: Page, name: string, looks: Looks): Promise<void> {
  if (PICTURES === undefined) return;
  const { language, scheme, size } = looks;
  mkdirSync(PICTURES, { recursive: true });
  const { width, height } = size;
  await page.evaluate(SHOW_USUAL_FOLDER);
  const file = `${name}-${width}x${height}-${scheme}-${language}.png`;
  await sharp(await page.screenshot()).toFile(join(PICTURES, file));
}
