-- Ends one run of a held operation; the last one makes the units available again.
--
-- KEYS[1] operation  packed text
-- Also, with the same hash tag: the account's hash of sums, the queue of holds by the time they end.
--
-- ARGV[1] run id or '=' for the operation's id
--
-- RETURNS nothing
--@include lib/account.lua
--@include lib/operation.lua

local keys = keys_of(KEYS[1])
local operation = current_operation(keys, now_ms())
if not operation or operation.state ~= 'held' or not has_run(operation, ARGV[1]) then return false end
if operation.first == ARGV[1] then operation.first = operation.second end
operation.second = ''
if operation.first == '' then
  give_back(keys, operation)
else
  write_held(keys, operation)
end
return false
