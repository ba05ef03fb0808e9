/** What `prepareModels` reports while it works. */
export type PrepareProgress = {
  readonly id: string;
  /** Position of this model among those asked for, from 1. */
  readonly position: number;
  readonly count: number;
} & PrepareStep;

export type PrepareStep =
  | {
      readonly step: 'download';
      /** `name@version` of a package, or a URL. */
      readonly from: string;
      readonly receivedBytes: number;
      /** Absent while the size is not known. */
      readonly totalBytes?: number;
    }
  | { readonly step: 'check' | 'extract' | 'convert' | 'store' }
  | { readonly step: 'ready'; readonly outcome: 'already-prepared' | 'prepared' };

export type ReportStep = (step: PrepareStep) => void;
