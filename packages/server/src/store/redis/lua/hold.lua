-- Sets units aside for one run of one operation.
--
-- KEYS[1] account    hash of sums
-- KEYS[2] operation  packed text
-- KEYS[3] holds      queue of holds by the time they end
-- KEYS[4] access     exists while the resource is open to the account
-- KEYS[5] epoch      says that this shard was not emptied
-- Also, with the same hash tag: account:* and operation:* of holds that ran out.
--
-- ARGV[1] epoch, '' to trust whatever is there
-- ARGV[2] client:currency:operation id
-- ARGV[3] fingerprint
-- ARGV[4] run id
-- ARGV[5] units
-- ARGV[6] milliseconds to hold
-- ARGV[7] milliseconds to remember
-- ARGV[8] resource, for the history
-- ARGV[9] digest of the resource to open, or ''
-- ARGV[10] milliseconds to open it for
--
-- RETURNS {type, reason, credited, available, held, spent, debited, freezes} or {'emptied'}
--@include lib/account.lua
--@include lib/operation.lua
--@include lib/hold.lua

local keys = { account = KEYS[1], operation = KEYS[2], holds = KEYS[3], access = KEYS[4], epoch = KEYS[5] }
local result = hold(keys, wish_from(ARGV, 1), now_ms())
if result[1] == 'emptied' then return result end
return with_account(result, KEYS[1])
