import type Image from '#models/image'
import type { ImageFilter } from '#models/image'
import { clusterPath } from '#transformers/cluster'
import { ListLinks } from '#transformers/list_links'

export type ImageState = 'missing' | 'available' | 'retired'

/** The same list from elsewhere on. */
export function imageLinks({ words, cluster, state }: ImageFilter): ListLinks {
  return new ListLinks('/admin/images', { q: words, cluster, state })
}

/** One line of the staff's list; `cluster` is loaded. */
export function imageRow(image: Image) {
  return {
    uid: image.uid,
    path: `/admin/images/${image.uid}`,
    name: image.name,
    title: image.title,
    label: image.label,
    os: [image.os, image.release].filter(Boolean).join(' '),
    architecture: image.architecture,
    kind: image.kind,
    sizeMib: image.sizeMib,
    /** Fingerprints are long; their beginning is what people compare. */
    ref: image.ref.length > 16 ? image.ref.slice(0, 12) : image.ref,
    state: imageState(image),
    isOffered: image.offeredAt !== null,
    offeredAt: image.offeredAt,
    missingSince: image.missingSince,
    cluster: { name: image.cluster.name, path: clusterPath(image.cluster) },
  }
}

function imageState(image: Image): ImageState {
  if (image.missingSince) return 'missing'
  return image.offeredAt ? 'available' : 'retired'
}
