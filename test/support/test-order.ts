import { ed25519 } from '@noble/curves/ed25519.js'
import {
  type ApprovedOrder,
  approveOrderMessage,
  encodeApprovedOrder,
  formatOrderEvent,
  type Order,
  type OrderEvent,
  orderHash,
  proposeOrderMessage,
} from '../../src/declaration/order.ts'
import { toBase64 } from '../../src/encoding/base64.ts'
import { utf8 } from '../../src/encoding/bytes.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { recipientOf, sealTo } from '../../src/sealing/age.ts'
import { pad } from '../../src/sealing/padding.ts'
import { CENTRE, REGISTER, type RegisterHouse, random, sha256 } from './register-house.ts'

/** Files an order as the desk would, signed by both volunteers of the house. */
export async function fileOrder(
  house: RegisterHouse,
  event: OrderEvent,
  change: (approved: ApprovedOrder) => ApprovedOrder = (approved) => approved,
): Promise<void> {
  const caseId = random(16)
  const order: Order = {
    format: 'avow/order/v1',
    register: REGISTER,
    case: toHex(caseId),
    centre: CENTRE,
    event: formatOrderEvent(event),
  }
  const hash = orderHash(order, sha256)
  const [proposer, decider] = house.signers
  const approved = change({
    order,
    proposedBy: proposer.id,
    proposedSignature: toBase64(ed25519.sign(proposeOrderMessage(hash), proposer.seed)),
    approvedBy: decider.id,
    approvedSignature: toBase64(ed25519.sign(approveOrderMessage(hash), decider.seed)),
  })
  const recipient = await recipientOf(house.identity)
  await house.owner
    .insertInto('avow.approved_item')
    .values({
      case_id: caseId,
      kind: 'order',
      centre: CENTRE,
      recipient_hash: sha256(utf8(recipient)),
      sealed: await sealTo([recipient], pad(encodeApprovedOrder(approved))),
      due_hour: null,
      last_hour: null,
      state: 'waiting',
    })
    .execute()
}
