/** A message to be published, always with QoS 1. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: string;
  readonly isRetained: boolean;
  /** The broker drops it after so many seconds; absent: never. */
  readonly expirySeconds?: number;
  readonly responseTopic?: string;
  readonly correlation?: Uint8Array;
}

/** A message as it arrived; nothing in it has been checked. */
export interface IncomingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly isRetained: boolean;
  readonly responseTopic?: string;
  readonly correlation?: Uint8Array;
}

export interface Subscription {
  readonly filter: string;
  /** Whether the broker first sends what it keeps under the filter. */
  readonly wantsRetained: boolean;
}

/** 'nobody-there': the broker took it and has no subscriber for it. */
export type Delivery = 'taken' | 'nobody-there';

/** 'fresh': the broker knows nothing of us, neither subscriptions nor what it should have kept. */
export type SessionState = 'resumed' | 'fresh';

export interface BrokerListener {
  onUp(session: SessionState): void;
  /** Not connected; the link goes on trying by itself. `isRefused`: the broker does not want us. */
  onDown(detail: string, isRefused: boolean): void;
  /** The broker gets its acknowledgement when the promise settles: that is the flow control. */
  onMessage(message: IncomingMessage): void | Promise<void>;
}

/**
 * One client at one broker, for as long as it is not closed.
 * Contract: a publish that resolved was taken by the broker; one that was under way when the
 * connection broke rejects and may or may not have arrived, so its sender repeats it.
 */
export interface BrokerLink {
  /** @throws PORTICO_SITE_UNREACHABLE when not connected, PORTICO_SITE_REFUSED when not allowed */
  publish(message: OutgoingMessage): Promise<Delivery>;
  /** @throws PORTICO_SITE_UNREACHABLE, PORTICO_SITE_REFUSED */
  subscribe(subscriptions: readonly Subscription[]): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Where a broker is, and how it knows us; a passport's address is one. */
export interface BrokerEndpoint {
  /** mqtts://host:port or mqtt://host:port */
  readonly url: string;
  /** PEM. Absent: no TLS. Without an authority: those of the system. */
  readonly tls?:
    | {
        readonly authority?: string | undefined;
        readonly certificate?: string | undefined;
        readonly privateKey?: string | undefined;
      }
    | undefined;
  /** For a broker that asks for a password in the place of a certificate. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

export interface BrokerHello {
  readonly clientId: string;
  /** How long the broker keeps subscriptions and messages for us; 0: nothing. */
  readonly sessionExpirySeconds: number;
  readonly keepaliveSeconds: number;
  /** Published by the broker when we vanish for longer than the delay. */
  readonly will?: OutgoingMessage & { readonly delaySeconds: number };
}

export type OpenBrokerLink = (hello: BrokerHello, listener: BrokerListener) => BrokerLink;
