-- Ends one run of a held operation; the last one makes the units available again.
--
-- KEYS[1] account    hash of sums
-- KEYS[2] operation  packed text
-- KEYS[3] holds      queue of holds by the time they end
--
-- ARGV[1] client:currency:operation id
-- ARGV[2] run id
--
-- RETURNS nothing
--@include lib/account.lua
--@include lib/operation.lua

local operation = current_operation(KEYS[2], KEYS[1], KEYS[3], ARGV[1], now_ms())
if not operation or operation.state ~= 'held' or not has_run(operation, ARGV[2]) then return false end
if operation.first == ARGV[2] then operation.first = operation.second end
operation.second = ''
if operation.first == '' then
  give_back(KEYS[2], KEYS[1], KEYS[3], ARGV[1], operation)
else
  write_held(KEYS[2], KEYS[3], ARGV[1], operation)
end
return false
