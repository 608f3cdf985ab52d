import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { z } from "zod";
import { addressSchema, paceSchema } from "../options/devnetOptions.ts";

const index = z.int().min(0);
const SECONDS_A_DAY = 86_400;
const MAX_EPOCHS = 100_000;

export const paceBody = z.strictObject({ pace: paceSchema });
export const advanceBody = z.strictObject({ slots: z.int().min(1).max(1_000_000) });

export const runAheadBody = z
  .strictObject({
    epochs: z.int().min(1).max(MAX_EPOCHS).optional(),
    days: z.number().positive().max(1000).optional(),
    /** Attendance written and not voted: fast, and labelled ever after. */
    simulateAttendance: z.boolean().default(false),
  })
  .refine((body) => (body.epochs === undefined) !== (body.days === undefined), "give either epochs or days");

/** Whole epochs of a run, days rounded to the nearest. */
export function epochsOf(body: z.output<typeof runAheadBody>, secondsPerSlot: number): number {
  if (body.epochs !== undefined) return body.epochs;
  return Math.max(1, Math.round(((body.days ?? 0) * SECONDS_A_DAY) / (SLOTS_PER_EPOCH * secondsPerSlot)));
}

/** Body of every POST /faults/<name>. */
export const faultBodies = {
  "set-offline": z.strictObject({ indices: z.array(index).min(1).max(1_000_000), offline: z.boolean() }),
  "start-inactivity-leak": z.strictObject({}),
  "end-inactivity-leak": z.strictObject({}),
  "slash-proposer": z.strictObject({ index }),
  "slash-attester": z.strictObject({ index }),
  "miss-slots": z.strictObject({ count: z.int().min(1).max(10_000) }),
  "fill-deposit-queue": z.strictObject({ count: z.int().min(1).max(10_000) }),
  "pay-execution-reward": z.strictObject({
    wei: z
      .string()
      .regex(/^\d{1,30}$/, "wei is decimal text")
      .transform(BigInt),
    feeRecipient: addressSchema,
  }),
  "set-fee-recipient": z.strictObject({
    validator: z.union([index, z.string().regex(/^0x[0-9a-fA-F]{96}$/)]),
    address: addressSchema,
  }),
} as const;

export type FaultName = keyof typeof faultBodies;
