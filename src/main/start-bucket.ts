import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Secrets } from '../config/secrets.ts'
import { openBucket } from '../register/object-store.ts'
import { type BucketPublisher, openBucketPublisher } from '../register/publish-to-bucket.ts'
import { MainError } from './error.ts'
import { clock } from './world.ts'

const KEY_ID = 'bucket-access-key'
const KEY = 'bucket-secret-key'

/** The bucket of avow.json, if there is one; its two keys are files of the secrets folder. */
export async function startBucket(
  config: Config,
  secrets: Secrets,
  onProblem: (problem: unknown) => void,
): Promise<BucketPublisher | undefined> {
  if (config.bucket === undefined) return undefined
  const accessKeyId = await secrets.find(KEY_ID)
  const secretAccessKey = await secrets.find(KEY)
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new MainError(
      'no_bucket_key',
      `avow.json names a bucket, but ${secrets.folder} holds no ${KEY_ID} or no ${KEY}`,
    )
  }
  return openBucketPublisher({
    publicFolder: config.publicFolder,
    journalPath: join(config.stagingFolder, 'bucket/journal'),
    store: openBucket({ ...config.bucket, accessKeyId, secretAccessKey }, { fetch }),
    clock,
    onProblem,
  })
}
