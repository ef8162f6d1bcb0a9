-- Sets units aside for one run of one operation.
--
-- KEYS[1] account    hash of sums
-- KEYS[2] operation  packed text
-- KEYS[3] holds      queue of holds by the time they end
-- KEYS[4] access     exists while the resource is open to the account
-- KEYS[5] opened     exists once the shard was declared complete
-- Also, with the same hash tag: account:* and operation:* of holds that ran out.
--
-- ARGV[1] client:currency:operation id
-- ARGV[2] fingerprint
-- ARGV[3] run id
-- ARGV[4] units
-- ARGV[5] milliseconds to hold
-- ARGV[6] milliseconds to remember
-- ARGV[7] resource, for the history
-- ARGV[8] digest of the resource to open, or ''
-- ARGV[9] milliseconds to open it for
--
-- RETURNS {type, reason, credited, available, held, spent, debited, freezes} or {'blank'}
--@include lib/account.lua
--@include lib/operation.lua
--@include lib/hold.lua

local keys = { account = KEYS[1], operation = KEYS[2], holds = KEYS[3], access = KEYS[4], opened = KEYS[5] }
local result = hold(keys, wish_from(ARGV, 1), now_ms())
if result[1] == 'blank' then return result end
return with_account(result, KEYS[1])
