/**
 * @typedef {import('../console-news.ts').ConsoleNews} News
 * @typedef {import('../console-news.ts').Snapshot} Snapshot
 */

/** Events kept on the page. */
const EVENTS_KEPT = 1_000;
/** The console says something at least every five seconds. */
const SILENCE_MS = 16_000;
const WATCH_MS = 2_000;

/** What the console knows, as it tells it; listeners hear which part changed. */
export class Live extends EventTarget {
  /** @type {Snapshot | undefined} */
  site;
  /** Whether the console itself answers. */
  isHeard = false;
  #heardAtMs = performance.now();

  connect() {
    const source = new EventSource('/api/live');
    source.addEventListener('message', ({ data }) => this.#take(JSON.parse(data)));
    source.addEventListener('error', () => this.#hear(false));
    source.addEventListener('open', () => this.#hear(true));
    setInterval(() => {
      if (performance.now() - this.#heardAtMs > SILENCE_MS) this.#hear(false);
    }, WATCH_MS);
  }

  /** @param {boolean} isHeard */
  #hear(isHeard) {
    if (isHeard) this.#heardAtMs = performance.now();
    if (this.isHeard === isHeard) return;
    this.isHeard = isHeard;
    this.#tell('connection', undefined);
  }

  /** @param {News} news */
  #take(news) {
    this.#hear(true);
    if (news.kind === 'beat') return;
    if (news.kind === 'snapshot') {
      this.site = news;
      this.#tell('snapshot', news);
      return;
    }
    if (this.site === undefined) return;
    this.site = merge(this.site, news);
    this.#tell(news.kind, news);
  }

  /**
   * @param {string} kind
   * @param {News | undefined} detail
   */
  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

/**
 * @param {Snapshot} site
 * @param {Exclude<News, Snapshot | { kind: 'beat' }>} news
 * @returns {Snapshot}
 */
function merge(site, news) {
  switch (news.kind) {
    case 'connection':
      return { ...site, connection: news.connection };
    case 'roster':
      return { ...site, roster: news.roster };
    case 'gate': {
      const { gateId } = news.gate;
      const others = site.gates.filter((gate) => gate.gateId !== gateId);
      const isKnown = others.length < site.gates.length;
      return {
        ...site,
        gates: isKnown
          ? site.gates.map((gate) => (gate.gateId === gateId ? news.gate : gate))
          : [...site.gates, news.gate],
      };
    }
    case 'event': {
      const { gateId } = news.chain;
      return {
        ...site,
        events: [news.event, ...site.events].slice(0, EVENTS_KEPT),
        chains: [...site.chains.filter((chain) => chain.gateId !== gateId), news.chain],
      };
    }
    case 'order':
      return site;
  }
}
