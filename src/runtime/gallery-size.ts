import type { CheckedPolicy } from '../decision/checked-policy.ts';
import { templatesAllowed } from '../decision/templates-allowed.ts';
import { PorticoError } from '../domain/errors.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { FaultBoard } from './fault-board.ts';

/** From here on it is time to think of what comes next. */
const NEARLY = 0.8;
const REMEDY =
  'Let people say who they are first (badge or code), take fewer templates a person, allow a larger policy.targetFpir, or use an encoder whose calibration reaches further.';

/** How a gallery's size stands to what policy and calibration allow. */
export type GallerySize =
  | { readonly kind: 'roomy' }
  | { readonly kind: 'nearly-full' | 'full'; readonly fault: PorticoError };

/** The encoder that stands worst counts; one without a calibration is another matter. */
export function gallerySize(gallery: Gallery, policy: CheckedPolicy): GallerySize {
  const encoders = gallery.modelIds().map((modelId) => ({
    modelId,
    templates: gallery.block(modelId)?.rows ?? 0,
    allowed: templatesAllowed(policy, modelId),
  }));
  const counted = encoders.filter(({ allowed }) => allowed > 0);
  const full = counted.find(({ templates, allowed }) => templates > allowed);
  if (full !== undefined) return { kind: 'full', fault: tooMany(full) };
  const nearly = counted.find(({ templates, allowed }) => templates > NEARLY * allowed);
  return nearly === undefined
    ? { kind: 'roomy' }
    : { kind: 'nearly-full', fault: nearlyTooMany(nearly) };
}

/** Raises or clears what a new gallery, or a new policy, means. */
export function noteGallerySize(faults: FaultBoard, size: GallerySize): void {
  if (size.kind !== 'full') faults.clear('PORTICO_GALLERY_FULL');
  if (size.kind !== 'nearly-full') faults.clear('PORTICO_GALLERY_NEARLY_FULL');
  if (size.kind !== 'roomy') faults.raise(size.fault);
}

interface Counted {
  readonly modelId: string;
  readonly templates: number;
  readonly allowed: number;
}

const tooMany = ({ modelId, templates, allowed }: Counted): PorticoError =>
  new PorticoError('PORTICO_GALLERY_FULL', {
    message: `${templates} templates of ${modelId} are more than the ${allowed} for which policy and calibration give a threshold: whoever just looks is denied`,
    remedy: REMEDY,
    context: { templates, allowed },
  });

const nearlyTooMany = ({ modelId, templates, allowed }: Counted): PorticoError =>
  new PorticoError('PORTICO_GALLERY_NEARLY_FULL', {
    message: `${templates} templates of ${modelId} of the ${allowed} for which policy and calibration give a threshold; beyond, nobody is let in by looking alone`,
    remedy: REMEDY,
    context: { templates, allowed },
  });
