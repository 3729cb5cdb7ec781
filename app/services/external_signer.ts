import { createPublicKey } from 'node:crypto'
import { signerSecret } from '#config/licensing'
import { DriverError } from '#drivers/errors'
import { isSignedBy, type Signer, type SigningAlgorithm } from '#licensing/signing'

const TIMEOUT_MS = 10_000

type ExternalKey = { keyId: string; algorithm: SigningAlgorithm; publicKey: string; url: string }

/**
 * Asks whoever holds the key: `POST {keyId, algorithm, bytes}` with base64, answered by `{signature}`. What comes
 * back is believed only after it was verified.
 */
export function externalSigner({ keyId, algorithm, publicKey, url }: ExternalKey): Signer {
  return {
    keyId,
    algorithm,
    async sign(bytes) {
      const signature = await ask(url, { keyId, algorithm, bytes: bytes.toString('base64') })
      if (isSignedBy(createPublicKey(publicKey), algorithm, bytes, signature)) return signature
      throw new DriverError('invalid', 'the external signer answered with another signature')
    },
  }
}

async function ask(url: string, question: Record<string, string>): Promise<Buffer> {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(signerSecret && { authorization: `Bearer ${signerSecret.release()}` }),
      },
      body: JSON.stringify(question),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    throw new DriverError('unreachable', 'the external signer does not answer', { cause: error })
  }
  if (!response.ok) {
    const kind = response.status >= 500 ? 'unreachable' : 'invalid'
    throw new DriverError(kind, `the external signer answered ${response.status}`)
  }
  const { signature } = (await response.json()) as { signature?: unknown }
  return Buffer.from(typeof signature === 'string' ? signature : '', 'base64')
}
