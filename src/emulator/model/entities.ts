/** The entities of an account, each with its authenticator apps and their challenges, by service and identity. */
import { isDeleted, isForgotten } from './factor.js';
import { codeOfStep, stepAt } from './totp.js';
import type { FactorChallenge, Factor } from './factor.js';
import type { Sid } from './identifiers.js';

const DAY_MS = 86_400_000;
/** How many factors an entity may have, and may create in a day. */
const MAX_FACTORS = 100;

/** Whom an application verifies, by a name that it chose. */
export interface Entity {
  readonly sid: Sid;
  readonly serviceSid: Sid;
  readonly identity: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly factors: Map<Sid, Factor>;
  readonly challenges: Map<Sid, FactorChallenge>;
  /** When the factors of the last day were created, those too that are deleted. */
  readonly factorsAt: number[];
}

/** An authenticator app, and the code that it shows now. */
export interface FactorSummary {
  sid: string;
  serviceSid: string;
  identity: string;
  /** The account that the app names. */
  friendlyName: string;
  /** The site that the app names. */
  issuer: string;
  status: 'unverified' | 'verified';
  code: string;
  /** ISO 8601: when the app shows the next code. */
  codeExpiresAt: string;
  createdAt: string;
  /** Before it was verified. */
  wrongCodes: number;
}

/** Which factors to list. */
export interface FactorFilter {
  identity?: string;
  serviceSid?: string;
  /** At most so many, the newest. */
  limit?: number;
}

/** Forgets factors that were never verified in time, and the challenges of more than a day ago. */
export class Entities {
  readonly #all = new Map<string, Entity>();
  readonly #unverifiedHours: number;

  constructor(unverifiedHours: number) {
    this.#unverifiedHours = unverifiedHours;
  }

  add(entity: Entity): Entity {
    this.#all.set(key(entity.serviceSid, entity.identity), entity);
    return entity;
  }

  find(serviceSid: string, identity: string, now: number): Entity | undefined {
    const entity = this.#all.get(key(serviceSid, identity));
    if (entity) this.#forget(entity, now);
    return entity;
  }

  /** Oldest first. */
  of(serviceSid: string): Entity[] {
    return [...this.#all.values()].filter((one) => one.serviceSid === serviceSid);
  }

  delete({ serviceSid, identity }: Entity): void {
    this.#all.delete(key(serviceSid, identity));
  }

  clear(): void {
    this.#all.clear();
  }

  /** Newest first. */
  factors({ identity, serviceSid, limit }: FactorFilter, now: number): Factor[] {
    return [...this.#all.values()]
      .filter((one) => serviceSid === undefined || one.serviceSid === serviceSid)
      .filter((one) => identity === undefined || one.identity === identity)
      .flatMap((one) => (this.#forget(one, now), [...one.factors.values()]))
      .toSorted((one, other) => one.createdAt - other.createdAt)
      .toReversed()
      .slice(0, limit);
  }

  #forget(entity: Entity, now: number): void {
    for (const factor of entity.factors.values())
      if (isDeleted(factor, this.#unverifiedHours, now)) deleteFactor(entity, factor);
    for (const one of entity.challenges.values()) if (isForgotten(one, now)) entity.challenges.delete(one.sid);
  }
}

const key = (serviceSid: string, identity: string): string => `${serviceSid} ${identity}`;

/** Deletes a factor with its challenges. */
export function deleteFactor(entity: Entity, factor: Factor): void {
  entity.factors.delete(factor.sid);
  for (const one of entity.challenges.values()) if (one.factorSid === factor.sid) entity.challenges.delete(one.sid);
}

/** Adds a factor, unless the entity has too many, or had too many within a day. */
export function addFactor(entity: Entity, factor: Factor): 'added' | 'too-many' | 'too-many-today' {
  const today = entity.factorsAt.filter((at) => at > factor.createdAt - DAY_MS);
  if (entity.factors.size >= MAX_FACTORS) return 'too-many';
  if (today.length >= MAX_FACTORS) return 'too-many-today';
  entity.factorsAt.splice(0, entity.factorsAt.length, ...today, factor.createdAt);
  entity.factors.set(factor.sid, factor);
  return 'added';
}

/** What a factor's app shows. */
export async function summaryOf(factor: Factor, now: number): Promise<FactorSummary> {
  const { sid, serviceSid, identity, friendlyName, issuer, status, secret, config, createdAt, wrongCodes } = factor;
  const step = stepAt(config, now);
  return {
    sid,
    serviceSid,
    identity,
    friendlyName,
    issuer,
    status,
    code: await codeOfStep(secret, config, step),
    codeExpiresAt: new Date((step + 1) * config.timeStep * 1000).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
    wrongCodes,
  };
}
