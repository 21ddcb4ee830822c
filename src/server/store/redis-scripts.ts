/** What Redis itself carries out, in Lua: the rules of window.ts and shelf.ts, word for word, each decision in one round trip. */
import { createHash } from 'node:crypto';
import { RESERVATION_TTL } from './storage-adapter.js';
import { SLOTS } from './sliding-window.js';

/** A script and the name under which Redis caches it. */
export interface Script {
  lua: string;
  sha: string;
}

const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

/**
 * Milliseconds that a key outlives its time. The caller's `now` decides what counts, Redis's own clock only what is thrown away:
 * where it runs ahead by less than this, nothing is forgotten early.
 */
export const CLOCK_SLACK_MS = 60_000;

/** Every script on counters: KEYS are the counters', then the receipt's where there is one; ARGV is now (ms) and the counters as JSON. */
const counterPrelude = `
local now = tonumber(ARGV[1])
local counters = cjson.decode(ARGV[2])
local receipt = KEYS[#counters + 1]

local function span(counter) return math.ceil(counter.window * 1000) end
local function who(counter) return counter.member or counter.owner or '' end
local function has_backoff(counter) return counter.backoff and #counter.backoff > 0 end

local function written(counter, time)
  if has_backoff(counter) or (counter.limit <= ${SLOTS} and not counter.member) then return time end
  local slot = math.ceil(span(counter) / ${SLOTS})
  return math.ceil(time / slot) * slot
end

local function whole(value) return type(value) == 'number' and value == math.floor(value) end

local function load(key)
  local text = redis.call('GET', key)
  if not text then return {} end
  local log = cjson.decode(text)
  if type(log) ~= 'table' or #log == 0 then error('corrupt counter') end
  for _, entry in ipairs(log) do
    if type(entry) ~= 'table' or #entry ~= 3 or not whole(entry[1]) or not whole(entry[2]) or entry[2] < 1
      or type(entry[3]) ~= 'string' then error('corrupt counter') end
  end
  return log
end

local function save(key, counter, log)
  if #log == 0 then return redis.call('DEL', key) end
  local life = log[#log][1] + span(counter) - now + ${CLOCK_SLACK_MS}
  return redis.call('SET', key, cjson.encode(log), 'PX', math.max(life, 1))
end

local function live(log, counter)
  local kept = {}
  for _, entry in ipairs(log) do
    if math.abs(now - entry[1]) < span(counter) then kept[#kept + 1] = entry end
  end
  return kept
end

local function distinct(log)
  local last, kept = {}, {}
  for i, entry in ipairs(log) do last[entry[3]] = i end
  for i, entry in ipairs(log) do
    if last[entry[3]] == i then kept[#kept + 1] = { entry[1], 1, entry[3] } end
  end
  return kept, last
end

local function opens_at(entries, count, counter)
  local left, from = count, now
  for i = 1, #entries + 1 do
    local leaves = entries[i] and entries[i][1] + span(counter) or math.huge
    if left < counter.limit then
      local wait = 0
      if left > 0 and has_backoff(counter) then wait = counter.backoff[math.min(left, #counter.backoff)] end
      local opens = from
      if wait > 0 then opens = math.max(from, entries[#entries][1] + wait * 1000) end
      if opens < leaves then return opens end
    end
    left = left - (entries[i] and entries[i][2] or 0)
    from = leaves
  end
  return now + span(counter)
end

local function standing(log, counter)
  local entries, last = live(log, counter), {}
  if counter.member then entries, last = distinct(entries) end
  local count = 0
  for _, entry in ipairs(entries) do count = count + entry[2] end
  if counter.member and last[counter.member] then return count, 0 end
  return count, math.ceil((opens_at(entries, count, counter) - now) / 1000)
end

local function add(log, counter)
  local at, kept = written(counter, now), {}
  local place = 1
  for _, entry in ipairs(live(log, counter)) do
    if entry[1] == at and entry[3] == who(counter) then at = nil; entry = { entry[1], entry[2] + 1, entry[3] } end
    kept[#kept + 1] = entry
    if at and entry[1] <= at then place = #kept + 1 end
  end
  if at then table.insert(kept, place, { at, 1, who(counter) }) end
  return kept
end

local function rewrite(edit)
  local logs = {}
  for i, counter in ipairs(counters) do logs[KEYS[i]] = edit(logs[KEYS[i]] or load(KEYS[i]), counter) end
  for i, counter in ipairs(counters) do save(KEYS[i], counter, logs[KEYS[i]]) end
end
`;

/** ARGV[3] 'take', or nothing for a peek. Answers 1 or 0 for taken, then count and retryIn of each counter. */
export const takeScript = script(`${counterPrelude}
local before, after, taken = {}, {}, ARGV[3] == 'take'
for i in ipairs(counters) do before[KEYS[i]] = load(KEYS[i]) end
for i, counter in ipairs(counters) do
  if not taken then break end
  local log = after[KEYS[i]] or before[KEYS[i]]
  local _, retry_in = standing(log, counter)
  if retry_in > 0 then taken = false else after[KEYS[i]] = add(log, counter) end
end
if taken then
  for i, counter in ipairs(counters) do save(KEYS[i], counter, after[KEYS[i]]) end
  redis.call('SET', receipt, ARGV[1], 'PX', ${RESERVATION_TTL * 1000})
end
local answer = { taken and 1 or 0 }
for i, counter in ipairs(counters) do
  local count, retry_in = standing(taken and after[KEYS[i]] or before[KEYS[i]], counter)
  answer[#answer + 1] = count
  answer[#answer + 1] = retry_in
end
return answer`);

/** Removes the taking that the receipt names, once. */
export const giveBackScript = script(`${counterPrelude}
local taken_at = redis.call('GET', receipt)
if not taken_at then return 0 end
taken_at = tonumber(taken_at) or error('corrupt receipt')
rewrite(function (log, counter)
  local at, kept = written(counter, taken_at), {}
  for _, entry in ipairs(log) do
    if entry[1] == at and entry[3] == who(counter) then entry = { at, entry[2] - 1, entry[3] } end
    if entry[2] > 0 then kept[#kept + 1] = entry end
  end
  return kept
end)
return redis.call('DEL', receipt)`);

/** Forgets the events of the counters, or those with the counter's mark. */
export const clearScript = script(`${counterPrelude}
rewrite(function (log, counter)
  local kept = {}
  for _, entry in ipairs(log) do
    if counter.owner and entry[3] ~= counter.owner then kept[#kept + 1] = entry end
  end
  return kept
end)
return 1`);

/** Every script on a record: KEYS[1]; ARGV is now, time to live (both ms) and, to write, the new value. A record is '<expires>:<value>'. */
const recordPrelude = `
local now, ttl = tonumber(ARGV[1]), tonumber(ARGV[2])
local function current()
  local text = redis.call('GET', KEYS[1])
  if not text then return false end
  local expires, value = string.match(text, '^(%d+):(.*)$')
  if not expires then error('corrupt record') end
  return tonumber(expires) > now and value
end
local function keep(value)
  redis.call('SET', KEYS[1], string.format('%.0f', now + ttl) .. ':' .. value, 'PX', math.ceil(ttl) + ${CLOCK_SLACK_MS})
end
`;

/** Answers the record or null. */
export const getScript = script(`${recordPrelude} return current()`);

/** Writes whatever was there. */
export const putScript = script(`${recordPrelude} keep(ARGV[3]) return 1`);

/** Answers the record that was there, else writes and answers null. */
export const claimScript = script(`${recordPrelude}
local there = current()
if not there then keep(ARGV[3]) end
return there`);

/** ARGV[3] is what it must read now, ARGV[4] the new value, or nothing where it is removed. Answers 1 or 0. */
export const swapScript = script(`${recordPrelude}
if current() ~= ARGV[3] then return 0 end
if ARGV[4] then keep(ARGV[4]) else redis.call('DEL', KEYS[1]) end
return 1`);
