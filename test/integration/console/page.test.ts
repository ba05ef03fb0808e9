import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Console } from '../../../src/console/console.ts';
import {
  DESKTOP,
  dialogOf,
  focused,
  givePhoto,
  type Looks,
  openConsolePage,
  type Session,
} from '../../helpers/console-page.ts';
import {
  ConsoleStage,
  facePhoto,
  GATE_FACE,
  poorPhoto,
  WEBCAM_FACE,
} from '../../helpers/console-stage.ts';
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
/** Of every request of the page's own scripts. */
const OWN = { 'X-Portico-Console': '1' };
const CHINESE: Looks = { ...DESKTOP, language: 'zh-Hans' };

describe('the administrator’s page', { skip }, () => {
  let stage: ConsoleStage;
  let served: Console;
  let browser: Browser;
  let session: Session;
  let url: string;
  const complaints: (readonly string[])[] = [];

  before(async () => {
    stage = await ConsoleStage.open(['front', 'side']);
    served = await stage.startConsole();
    const args = [...CHROMIUM_ARGUMENTS, ...webcamArguments(stage.webcamPath)];
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    assert.deepEqual(complaints.flat(), []);
  });
  after(async () => {
    await browser?.close();
    await served?.close();
    await stage?.close();
  });

  const open = async (looks: Looks = DESKTOP): Promise<Page> => {
    const opened = await openConsolePage(browser, url, { session, looks });
    complaints.push(opened.complaints);
    await opened.page.locator('body[data-connection=up]').waitFor();
    return opened.page;
  };
  const isKnownAt = (gateId: string, name: string): boolean =>
    stage
      .gate(gateId)
      .store.identities()
      .some((identity) => identity.name === name);
  const notice = (page: Page, text: string) => page.locator('.notice', { hasText: text }).waitFor();
  const enrol = async (page: Page, name: string, face: number): Promise<void> => {
    await page.getByRole('button', { name: 'Enrol a person' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await givePhoto(page, facePhoto(face));
    await page.locator('.verdict .good').waitFor();
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await dialogOf(page).waitFor({ state: 'detached' });
  };

  it('lets in the browser that used the link, and no other', async () => {
    const link = served.invitation;
    const { page } = await openConsolePage(browser, link);
    await page.getByRole('heading', { name: 'Nobody is enrolled yet' }).waitFor();
    assert.equal(new URL(page.url()).search, '', 'the key stays in no history');
    session = await page.context().storageState();
    url = new URL(link).origin;
    for (const address of [url, link]) {
      const stranger = await (await browser.newContext()).newPage();
      const answer = await stranger.goto(address);
      assert.equal(answer?.status(), 401);
    }
  });

  it('enrols somebody from a photograph, and every gate knows', async () => {
    const page = await open();
    await enrol(page, 'Ada Lovelace', 1);
    await notice(page, 'Ada Lovelace is enrolled');
    await page.locator('.row', { hasText: 'Ada Lovelace' }).waitFor();
    for (const gateId of ['front', 'side']) {
      await until(`${gateId} knows`, () => isKnownAt(gateId, 'Ada Lovelace'));
    }
  });

  it('shows the face as it will be compared, and forgets a photograph that is taken out', async () => {
    const page = await open();
    await page.keyboard.press('n');
    await givePhoto(page, facePhoto(2));
    const face = page.locator('.faces img');
    await face.waitFor();
    assert.match((await face.getAttribute('src')) ?? '', /^blob:/);
    await page.getByRole('button', { name: 'Take this photograph out' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Nobody');
    await page.keyboard.press('Enter');
    await page.getByText('A name and one photograph are needed.').waitFor();
  });

  it('says what is wrong with a photograph, in the reader’s language', async () => {
    for (const [looks, reason, text] of [
      [DESKTOP, 'several-faces', 'More than one face'],
      [DESKTOP, 'too-dark', 'Too dark'],
      [CHINESE, 'several-faces', '不止一张脸'],
    ] as const) {
      const page = await open(looks);
      await page.keyboard.press('n');
      await givePhoto(page, poorPhoto(reason));
      await page.locator('.verdict .bad', { hasText: text }).waitFor();
      assert.equal(await page.locator('.faces img').count(), 0);
    }
  });

  it('says whom a photograph resembles, and opens that person', async () => {
    const page = await open();
    await page.keyboard.press('n');
    await givePhoto(page, facePhoto(1));
    await page.getByText('This looks like Ada Lovelace, who is enrolled already.').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Open Ada Lovelace' }).click();
    await dialogOf(page).getByText('1 template so far').waitFor();
    await givePhoto(page, facePhoto(1));
    await page.locator('.verdict .good').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await notice(page, 'Ada Lovelace was changed');
    await page.locator('.row', { hasText: '2 templates' }).waitFor();
  });

  it('enrols whoever sits before the webcam, and whoever stands at a gate', async () => {
    const page = await open();
    await page.keyboard.press('n');
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await page.getByRole('tab', { name: 'Webcam' }).click();
    await page.getByRole('button', { name: 'Take the picture' }).click();
    await page.locator('.verdict .good').waitFor();
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await notice(page, 'Grace Hopper is enrolled');
    await page.keyboard.press('n');
    await page.getByLabel('Name', { exact: true }).fill('Alan Turing');
    await page.getByRole('tab', { name: 'At a gate' }).click();
    await page.getByRole('button', { name: 'Capture at the gate' }).click();
    await page.locator('.verdict .good').waitFor();
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await notice(page, 'Alan Turing is enrolled');
    assert.notEqual(WEBCAM_FACE, GATE_FACE);
    await until('the gate knows both', () => isKnownAt('side', 'Alan Turing'));
  });

  it('enrols without a mouse, and gives the focus back', async () => {
    const page = await open();
    // Asked for beforehand: the browser intercepts choosers some time after that only.
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Enrol a person' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Katherine Johnson');
    // From the name backwards: the panel’s button, then the tabs.
    await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(page).textContent(), 'Choose a file');
    await page.keyboard.press('Enter');
    const file = { name: 'k.png', mimeType: 'image/png', buffer: facePhoto(4) };
    await (await chosen).setFiles(file);
    await page.locator('.verdict .good').waitFor();
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.press('Enter');
    await notice(page, 'Katherine Johnson is enrolled');
    assert.match((await focused(page).textContent()) ?? '', /Enrol a person/);
  });

  it('keeps the focus in a dialog, and closes it with Escape', async () => {
    const page = await open();
    await page.keyboard.press('?');
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      const isOutside = await page.evaluate(
        'document.activeElement !== document.body && document.activeElement.closest("dialog") === null',
      );
      assert.equal(isOutside, false);
    }
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    assert.equal(await focused(page).getAttribute('type'), 'search');
    await page.keyboard.type('hopp');
    await page.locator('.row').nth(1).waitFor({ state: 'detached' });
    assert.match((await page.locator('.row').textContent()) ?? '', /Grace Hopper/);
  });

  it('changes when a person may come, and refuses an end before the beginning', async () => {
    const page = await open();
    await page.locator('.row', { hasText: 'Grace Hopper' }).click();
    await page.getByLabel('Hours').fill('weekdays');
    await page.getByLabel('Access begins').fill('2027-06-30');
    await page.getByLabel('Access ends after').fill('2027-01-31');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Access would end before it begins.').waitFor();
    await page.getByLabel('Access begins').fill('2026-01-01');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.row', { hasText: 'until 31 Jan 2027' }).waitFor();
    await until('the gate has it', () =>
      stage
        .gate('front')
        .store.identities()
        .some(({ scheduleId, validUntilMs }) => {
          return scheduleId === 'weekdays' && validUntilMs === Date.UTC(2027, 1, 1);
        }),
    );
  });

  it('revokes a person only when asked twice, and the gates forget', async () => {
    const page = await open();
    await page.locator('.row', { hasText: 'Alan Turing' }).click();
    await page.getByRole('button', { name: 'Revoke access' }).click();
    await dialogOf(page).getByRole('button', { name: 'Cancel' }).last().click();
    assert.ok(isKnownAt('front', 'Alan Turing'));
    await page.getByRole('button', { name: 'Revoke access' }).click();
    await dialogOf(page).getByRole('button', { name: 'Revoke', exact: true }).click();
    await notice(page, 'Alan Turing was revoked');
    await page.locator('.row', { hasText: 'Alan Turing' }).waitFor({ state: 'detached' });
    for (const gateId of ['front', 'side']) {
      await until(`${gateId} forgot`, () => !isKnownAt(gateId, 'Alan Turing'));
    }
  });

  it('shows each gate as it changes, opens a door after asking, and tells a refusal', async () => {
    const page = await open();
    await page.keyboard.press('2');
    const front = page.locator('[data-gate=front]');
    await front.getByText('Online').waitFor();
    await front.getByRole('button', { name: 'Open the door' }).click();
    await dialogOf(page).getByRole('button', { name: 'Open now' }).click();
    await notice(page, 'front opened.');
    assert.equal(stage.gate('front').orders.at(-1)?.name, 'pulse');
    assert.equal(
      stage.gate('side').orders.some(({ name }) => name === 'pulse'),
      false,
    );
    stage.gate('front').report({ camera: 'fault', faults: ['PORTICO_CAMERA_STALLED'] });
    await front.getByText('PORTICO_CAMERA_STALLED').waitFor();
    await front.getByRole('button', { name: 'Open the door' }).click();
    await dialogOf(page).getByRole('button', { name: 'Open now' }).click();
    await notice(page, 'front refused: the gate has a fault');
    stage.gate('front').report({ camera: 'delivering', faults: [] });
  });

  it('locks every gate down from any view by the keyboard, and lifts it', async () => {
    const page = await open();
    await page.keyboard.press('3');
    await page.getByRole('button', { name: 'Lock down all gates' }).waitFor();
    await page.keyboard.press('l');
    await page.keyboard.press('Enter');
    const results = page.locator('.results');
    await results.locator('.good').nth(1).waitFor();
    for (const gate of stage.gates.values()) assert.equal(gate.orders.at(-1)?.name, 'lock-down');
    await page.keyboard.press('Escape');
    await page.getByText('All gates are locked down').waitFor();
    await page.getByRole('button', { name: 'Lift the lock-down' }).click();
    await dialogOf(page).getByRole('button', { name: 'Lift it everywhere' }).click();
    await results.locator('.good').nth(1).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('All gates are locked down').waitFor({ state: 'detached' });
  });

  it('shows events as they come, by name, with the mark of their chain, and filters them', async () => {
    const page = await open(CHINESE);
    await page.keyboard.press('3');
    await page.locator('.chain').first().waitFor();
    const ada = stage
      .gate('side')
      .store.identities()
      .find(({ name }) => name === 'Ada Lovelace');
    const granted = { similarity: 0.7, threshold: 0.4, modelId: 'encoder-a', frameToRelayMs: 120 };
    stage.gate('side').happens({
      type: 'access.granted',
      identityId: ada?.identityId ?? '',
      ...granted,
    });
    await page.locator('.event', { hasText: '放行 Ada Lovelace' }).locator('.verified').waitFor();
    stage.gate('front').happens({ type: 'access.denied', reasons: ['no-match'] });
    await page.locator('.event', { hasText: '未识别' }).waitFor();
    await page.locator('.chip[data-kind=granted]').click();
    await page.locator('.event', { hasText: '未识别' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('.event', { hasText: '放行 Ada Lovelace' }).waitFor();
  });

  it('opens the picture of an event for its auditor, and says when there is none any more', async () => {
    const page = await open();
    await page.keyboard.press('3');
    const front = stage.gate('front');
    const denied = { type: 'access.denied', reasons: ['no-match'] } as const;
    const of = front.happens(denied);
    await front.pictures(of, stage.portrait);
    const row = page.locator(`.event[data-number="${of}"]`);
    await until('the picture is here', () => front.store.pictures.count === 0);
    await row.getByRole('button', { name: `Look at the picture of event ${of} at front` }).click();
    const image = dialogOf(page).locator('.portrait img');
    await image.waitFor();
    assert.match((await image.getAttribute('src')) ?? '', /^blob:/);
    assert.deepEqual(
      await image.evaluate('({ w: document.querySelector(".portrait img").naturalWidth })'),
      { w: 224 },
    );
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    assert.match((await focused(page).getAttribute('data-id')) ?? '', /^picture-front/);
    assert.equal(await page.locator('img').count(), 0, 'nothing of it stays in the page');
    const answer = await page.request.get(`${url}/api/pictures/front/${of}`, { headers: OWN });
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()['cache-control'] ?? '', /no-store/);

    const gone = front.happens(denied);
    const digest = 'd'.repeat(43);
    front.happens({ type: 'picture.taken', of: gone, digest, expiresAtMs: Date.now() + 60_000 });
    const missing = page.locator(`.event[data-number="${gone}"]`).locator('.look');
    await missing.click();
    await dialogOf(page).getByText('has not sent this picture yet').waitFor();
    await page.keyboard.press('Escape');
    const past = front.happens(denied);
    front.happens({ type: 'picture.taken', of: past, digest, expiresAtMs: Date.now() - 1 });
    const expired = page.locator(`.event[data-number="${past}"]`);
    await expired.getByText('Picture expired').waitFor();
    assert.equal(await expired.locator('.look').count(), 0);
  });

  it('says that the broker is away, and recovers', async () => {
    const page = await open();
    await stage.broker.stop();
    await page.locator('.connection-band', { hasText: 'Broker not reached' }).waitFor();
    await page.locator('.row', { hasText: 'Ada Lovelace' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The broker cannot be reached. Nothing was changed').waitFor();
    await stage.broker.run();
    await page.locator('body[data-connection=up]').waitFor();
  });

  it('says that it has ended, rather than show what is not news any more', async () => {
    const page = await open();
    await served.close();
    await page.locator('.connection-band', { hasText: 'The console has ended' }).waitFor();
    complaints.length = 0;
  });
});
