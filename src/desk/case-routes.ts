import { type Context, Hono } from 'hono'
import { admitEnvelopes } from './admit-envelopes.ts'
import { decideCase, openProposal } from './decide-case.ts'
import type { DeskRequest } from './desk-context.ts'
import { type DeskServer, inTransaction, readJson, requireReviewer } from './desk-server.ts'
import { dropDummy } from './drop-dummy.ts'
import { DeskError } from './error.ts'
import { addNote, escalate, handOver, recuse } from './hand-over.ts'
import { proposeCase, withdrawProposal } from './propose-case.ts'
import { readFairQueue } from './read-fair-queue.ts'
import { countCases, QUEUE_LISTS, type QueueList, readQueue } from './read-queue.ts'
import { releaseForgottenCases } from './release-cases.ts'
import {
  caseParameter,
  cursorParameter,
  decideRequest,
  draftRequest,
  dummyRequest,
  escalateRequest,
  handOverRequest,
  LARGE_BODY_BYTES,
  noteRequest,
  parseRequest,
  positionsParameter,
  proposeRequest,
  resealRequest,
  SMALL_BODY_BYTES,
} from './requests.ts'
import { listItemsToReseal, readPublisherRecipient, replaceSealedItem } from './reseal-items.ts'
import { isCaseInHand, releaseCase, saveDraft, takeCase } from './take-case.ts'

/** The queue, one case, the decision, and the hand-over to the publisher. */
export function caseRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  routes.get('/queue', async (c) => {
    const answer = await asReviewer(server, c, async (request) => {
      await admitEnvelopes(request)
      await releaseForgottenCases(request)
      const counts = await countCases(request)
      const pages = []
      for (const list of QUEUE_LISTS) {
        pages.push([list, await readList(request, list, undefined)] as const)
      }
      return { counts, lists: Object.fromEntries(pages) }
    })
    return c.json(answer)
  })

  routes.get('/queue/:list/:after', async (c) => {
    const list = QUEUE_LISTS.find((name) => name === c.req.param('list'))
    if (list === undefined) throw new DeskError('not_found', 'no such list')
    const after = c.req.param('after')
    return c.json(await asReviewer(server, c, (request) => readList(request, list, after)))
  })

  routes.post('/case/:id/take', async (c) => {
    try {
      return c.json(await asReviewer(server, c, (request) => takeCase(request, caseId(c))))
    } catch (error) {
      if (isCaseInHand(error)) throw new DeskError('case_in_hand', 'one case at a time', error)
      throw error
    }
  })

  routes.post('/case/:id/release', async (c) => {
    await asReviewer(server, c, (request) => releaseCase(request, caseId(c)))
    return c.json({})
  })

  routes.post('/case/:id/withdraw-proposal', async (c) => {
    await asReviewer(server, c, (request) => withdrawProposal(request, caseId(c)))
    return c.json({})
  })

  routes.post('/case/:id/hand-over', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const { to } = parseRequest(handOverRequest, await readJson(c, SMALL_BODY_BYTES))
    const directory = await server.directory.current()
    await inTransaction(server, reviewer, (request) => handOver(request, directory, caseId(c), to))
    return c.json({})
  })

  routes.post('/case/:id/escalate', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const { code } = parseRequest(escalateRequest, await readJson(c, SMALL_BODY_BYTES))
    await inTransaction(server, reviewer, (request) => escalate(request, caseId(c), code))
    return c.json({})
  })

  routes.post('/case/:id/recuse', async (c) => {
    await asReviewer(server, c, (request) => recuse(request, caseId(c)))
    return c.json({})
  })

  routes.post('/case/:id/note', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const { sealed } = parseRequest(noteRequest, await readJson(c, SMALL_BODY_BYTES))
    await inTransaction(server, reviewer, (request) => addNote(request, caseId(c), sealed))
    return c.json({})
  })

  routes.post('/case/:id/drop-dummy', async (c) => {
    const { secret } = parseRequest(dummyRequest, await readJson(c, LARGE_BODY_BYTES))
    await asReviewer(server, c, (request) => dropDummy(request, caseId(c), secret))
    return c.json({})
  })

  routes.post('/case/:id/draft', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const { sealed } = parseRequest(draftRequest, await readJson(c, LARGE_BODY_BYTES))
    await inTransaction(server, reviewer, (request) => saveDraft(request, caseId(c), sealed))
    return c.json({})
  })

  routes.post('/case/:id/propose', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const proposal = parseRequest(proposeRequest, await readJson(c, LARGE_BODY_BYTES))
    await inTransaction(server, reviewer, (request) => proposeCase(request, caseId(c), proposal))
    return c.json({})
  })

  routes.post('/case/:id/open-proposal', async (c) =>
    c.json(await asReviewer(server, c, (request) => openProposal(request, caseId(c)))),
  )

  routes.post('/case/:id/decide', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const decision = parseRequest(decideRequest, await readJson(c, LARGE_BODY_BYTES))
    await inTransaction(server, reviewer, (request) => decideCase(request, caseId(c), decision))
    return c.json({})
  })

  routes.get('/publisher-recipient', async (c) =>
    c.json(await asReviewer(server, c, readPublisherRecipient)),
  )

  routes.get('/reseal', async (c) =>
    c.json({ items: await asReviewer(server, c, listItemsToReseal) }),
  )

  routes.post('/case/:id/reseal', async (c) => {
    const reviewer = await requireReviewer(server, c)
    const item = parseRequest(resealRequest, await readJson(c, LARGE_BODY_BYTES))
    await inTransaction(server, reviewer, (request) => replaceSealedItem(request, caseId(c), item))
    return c.json({})
  })

  return routes
}

async function asReviewer<Result>(
  server: DeskServer,
  c: Context,
  work: (request: DeskRequest) => Promise<Result>,
): Promise<Result> {
  return inTransaction(server, await requireReviewer(server, c), work)
}

function readList(request: DeskRequest, list: QueueList, after: string | undefined) {
  if (list === 'waiting') {
    return readFairQueue(request, after ? parseRequest(positionsParameter, after) : [])
  }
  return readQueue(request, list, after ? parseRequest(cursorParameter, after) : undefined)
}

function caseId(c: Context): Uint8Array {
  return parseRequest(caseParameter, c.req.param('id'))
}
