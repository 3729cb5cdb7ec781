import type { RemoteImage, RemoteNetwork } from '#drivers/contract'

export type FakeWorld = {
  nodes: { name: string; cpus: number; memoryMib: number; diskGib: number }[]
  images: RemoteImage[]
  storagePools: { name: string; type: string }[]
  networks: RemoteNetwork[]
}

const GIB = 1_024

/** What a fake cluster has when it is told nothing else: three middling machines and the usual images. */
export const DEFAULT_WORLD: FakeWorld = {
  nodes: ['node-1', 'node-2', 'node-3'].map((name) => ({
    name,
    cpus: 32,
    memoryMib: 128 * GIB,
    diskGib: 4_000,
  })),
  images: [
    image('debian-12', 'Debian 12 (bookworm)', 'debian', '12', 120),
    image('ubuntu-24.04', 'Ubuntu 24.04 LTS (noble)', 'ubuntu', '24.04', 180),
    image('rockylinux-9', 'Rocky Linux 9', 'rockylinux', '9', 160),
    image('alpine-3.22', 'Alpine Linux 3.22', 'alpine', '3.22', 4),
  ],
  storagePools: [{ name: 'default', type: 'btrfs' }],
  networks: [
    { name: 'lxdbr0', type: 'bridge', managed: true, ipv4: '10.99.0.1/16', ipv6: 'fd99::1/64' },
  ],
}

function image(
  ref: string,
  name: string,
  os: string,
  release: string,
  sizeMib: number
): RemoteImage {
  return { ref, name, os, release, architecture: 'x86_64', kind: 'container', sizeMib }
}
