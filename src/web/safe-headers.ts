/** What a page of ours asks of the browser beyond its own scripts, styles and requests. */
export interface PageNeeds {
  /** Besides the page's own pictures. */
  readonly images?: 'blob:';
  readonly camera?: true;
  /** Whom scripts may talk to; the page's own origin unless told otherwise. */
  readonly connect?: string;
}

/** Of every answer of our pages' servers: nothing from elsewhere, nothing kept, nothing framed. */
export const safeHeaders = ({ images, camera, connect = "'self'" }: PageNeeds = {}) => ({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self'${images === undefined ? '' : ` ${images}`}`,
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': `camera=(${camera === undefined ? '' : 'self'}), microphone=(), geolocation=(), usb=(), serial=()`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
});
