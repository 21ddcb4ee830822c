/** The Lua scripts that Redis runs: the same rules as in sliding-window.ts and storage-adapter.ts, each method in one round trip. */
import { createHash } from 'node:crypto';
import { RESERVATION_TTL } from './storage-adapter.js';
import { BUCKETS, MAX_TIME } from './sliding-window.js';

/** A script, and its SHA-1, under which Redis caches it. */
export interface Script {
  lua: string;
  sha: string;
}

const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

/**
 * Milliseconds that a key stays in Redis after it has expired. The caller's `now` decides what counts; the clock of Redis only
 * deletes. If that clock is ahead by less than this, nothing is deleted too early.
 */
const CLOCK_SLACK_MS = 60_000;

/** The largest difference between the clock of the caller's machine and that of Redis, in milliseconds. */
const CLOCK_TOLERANCE_MS = 5000;

/**
 * Starts every script. ARGV[1] is the clock of the caller's machine, or empty. If it differs from that of Redis, the error
 * CLOCK with the time of Redis is returned before anything is read or written.
 */
const prelude = `
local time = redis.call('TIME')
local server_now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' and math.abs(server_now - ARGV[1]) > ${CLOCK_TOLERANCE_MS} then
  return redis.error_reply('CLOCK ' .. string.format('%.0f', server_now))
end

local function is_time(value)
  return type(value) == 'number' and value == math.floor(value) and value >= 0 and value <= ${MAX_TIME}
end
`;

/**
 * Starts every script on counters. KEYS are those of the counters, then that of the reservation if there is one; ARGV[2] is now
 * (ms), and ARGV[3] the counters as JSON. An entry of a log has a fourth element: when it was last added to, by the clock of Redis.
 */
const counterPrelude = `${prelude}
local now = tonumber(ARGV[2])
local counters = cjson.decode(ARGV[3])
local reservation = KEYS[#counters + 1]

local function window_ms(counter) return math.ceil(counter.window * 1000) end
local function who(counter) return counter.member or counter.owner or '' end
local function has_backoff(counter) return counter.backoff and #counter.backoff > 0 end

local function logged_time(counter, time)
  if has_backoff(counter) or (counter.limit <= ${BUCKETS} and not counter.member) then return time end
  local bucket = math.ceil(window_ms(counter) / ${BUCKETS})
  return math.ceil(time / bucket) * bucket
end

local function load(key)
  local text = redis.call('GET', key)
  if not text then return {} end
  local log = cjson.decode(text)
  if type(log) ~= 'table' or #log == 0 then error('corrupt counter') end
  for _, entry in ipairs(log) do
    if type(entry) ~= 'table' or #entry ~= 4 or not is_time(entry[1]) or not is_time(entry[2]) or entry[2] < 1
      or type(entry[3]) ~= 'string' or not is_time(entry[4]) then error('corrupt counter') end
  end
  return log
end

local function save(key, counter, log)
  if #log == 0 then return redis.call('DEL', key) end
  local longest = window_ms(counter) + math.ceil(window_ms(counter) / ${BUCKETS})
  return redis.call('SET', key, cjson.encode(log), 'PX', longest + ${CLOCK_SLACK_MS})
end

local function counts(entry, counter) return math.abs(now - entry[1]) < window_ms(counter) end

local function within_window(log, counter)
  local kept = {}
  for _, entry in ipairs(log) do
    if counts(entry, counter) then kept[#kept + 1] = entry end
  end
  return kept
end

-- Another caller's clock may be far from this one's. What it has added stays for a window by the clock of Redis.
local function lasting(log, counter)
  local kept = {}
  for _, entry in ipairs(log) do
    if counts(entry, counter) or server_now - entry[4] < window_ms(counter) then kept[#kept + 1] = entry end
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

local function allowed_at(entries, count, counter)
  local remaining, from = count, now
  for i = 1, #entries + 1 do
    local leaves = entries[i] and entries[i][1] + window_ms(counter) or math.huge
    if remaining < counter.limit then
      local wait = 0
      if remaining > 0 and has_backoff(counter) then wait = counter.backoff[math.min(remaining, #counter.backoff)] end
      local opens = from
      if wait > 0 then opens = math.max(from, entries[#entries][1] + wait * 1000) end
      if opens < leaves then return opens end
    end
    remaining = remaining - (entries[i] and entries[i][2] or 0)
    from = leaves
  end
  return now + window_ms(counter)
end

local function status_of(log, counter)
  local entries, last = within_window(log, counter), {}
  if counter.member then entries, last = distinct(entries) end
  local count = 0
  for _, entry in ipairs(entries) do count = count + entry[2] end
  if counter.member and last[counter.member] then return count, 0 end
  return count, math.ceil((allowed_at(entries, count, counter) - now) / 1000)
end

local function add(log, counter)
  local at, kept = logged_time(counter, now), {}
  local place = 1
  for _, entry in ipairs(lasting(log, counter)) do
    if entry[1] == at and entry[3] == who(counter) then
      at = nil
      entry = { entry[1], entry[2] + 1, entry[3], server_now }
    end
    kept[#kept + 1] = entry
    if at and entry[1] <= at then place = #kept + 1 end
  end
  if at then table.insert(kept, place, { at, 1, who(counter), server_now }) end
  return kept
end

local function rewrite(edit)
  local logs = {}
  for i, counter in ipairs(counters) do
    if not counter.observed then logs[KEYS[i]] = edit(logs[KEYS[i]] or load(KEYS[i]), counter) end
  end
  for i, counter in ipairs(counters) do
    if not counter.observed then save(KEYS[i], counter, logs[KEYS[i]]) end
  end
end
`;

/** ARGV[4] is 'reserve', or missing for a peek. Returns 1 or 0 for granted, then count and retryIn of each counter. */
export const reserveScript = script(`${counterPrelude}
local before, after, granted = {}, {}, ARGV[4] == 'reserve'
for i in ipairs(counters) do before[KEYS[i]] = load(KEYS[i]) end
for i, counter in ipairs(counters) do
  if not granted then break end
  local log = after[KEYS[i]] or before[KEYS[i]]
  local _, retry_in = status_of(log, counter)
  granted = retry_in <= (counter.observed or 0)
  after[KEYS[i]] = counter.observed and log or add(log, counter)
end
if granted then
  for i, counter in ipairs(counters) do
    if not counter.observed then save(KEYS[i], counter, after[KEYS[i]]) end
  end
  redis.call('SET', reservation, ARGV[2], 'PX', ${RESERVATION_TTL * 1000})
end
local reply = { granted and 1 or 0 }
for i, counter in ipairs(counters) do
  local count, retry_in = status_of(granted and after[KEYS[i]] or before[KEYS[i]], counter)
  reply[#reply + 1] = count
  reply[#reply + 1] = retry_in
end
return reply`);

/** Removes the events of a reservation, once. */
export const refundScript = script(`${counterPrelude}
local reserved_at = redis.call('GET', reservation)
if not reserved_at then return 0 end
reserved_at = string.match(reserved_at, '^%d+$') and tonumber(reserved_at)
if not is_time(reserved_at) then error('corrupt reservation') end
rewrite(function (log, counter)
  local at, kept = logged_time(counter, reserved_at), {}
  for _, entry in ipairs(log) do
    if entry[1] == at and entry[3] == who(counter) then entry = { at, entry[2] - 1, entry[3], entry[4] } end
    if entry[2] > 0 then kept[#kept + 1] = entry end
  end
  return kept
end)
return redis.call('DEL', reservation)`);

/** Removes the events of the counters; of a counter with an owner, only the owner's. */
export const clearScript = script(`${counterPrelude}
rewrite(function (log, counter)
  local kept = {}
  for _, entry in ipairs(log) do
    if counter.owner and entry[3] ~= counter.owner then kept[#kept + 1] = entry end
  end
  return kept
end)
return 1`);

/**
 * Starts every script on a record. KEYS[1] is its key; ARGV[2] is now, ARGV[3] the time to live (both ms) and, to write, ARGV[4]
 * the new value. A record is stored as '<expires>:<value>'.
 */
const recordPrelude = `${prelude}
local now, ttl = tonumber(ARGV[2]), tonumber(ARGV[3])
local function current()
  local text = redis.call('GET', KEYS[1])
  if not text then return false end
  local expires, value = string.match(text, '^(%d+):(.*)$')
  expires = tonumber(expires)
  if not is_time(expires) or expires < 1 then error('corrupt record') end
  return expires > now and value
end
local function write(value)
  redis.call('SET', KEYS[1], string.format('%.0f', now + ttl) .. ':' .. value, 'PX', math.ceil(ttl) + ${CLOCK_SLACK_MS})
end
`;

/** Returns what Redis says of its memory, which includes the eviction policy, or null if it does not say it to this user. Unlike CONFIG, INFO is allowed on managed servers. */
export const memoryScript = script(`
local memory = redis.pcall('INFO', 'memory')
return type(memory) == 'string' and memory`);

/** Returns what Redis says of its part in a cluster. */
export const clusterScript = script(`return redis.call('INFO', 'cluster')`);

/** Returns the record or null. */
export const getScript = script(`${recordPrelude} return current()`);

/** Writes a record, whether there is one or not. */
export const setScript = script(`${recordPrelude} write(ARGV[4]) return 1`);

/** Returns the existing record; if there is none, writes one and returns null. */
export const setIfAbsentScript = script(`${recordPrelude}
local existing = current()
if not existing then write(ARGV[4]) end
return existing`);

/** ARGV[4] is the expected value, ARGV[5] the new one, or missing to remove the record. Returns 1 or 0. */
export const compareAndSetScript = script(`${recordPrelude}
if current() ~= ARGV[4] then return 0 end
if ARGV[5] then write(ARGV[5]) else redis.call('DEL', KEYS[1]) end
return 1`);
