/**
 * node-forge, when something is made or opened with it: that is seldom, and it is the largest module that a
 * worker would otherwise hold all its life.
 */
export async function loadForge() {
  const { default: forge } = await import('node-forge')
  return forge
}
