-- Ends one run of an operation; the last one of a held operation makes the units available again.
--
-- KEYS[1] operation  packed text
-- Also, with the same hash tag: the account's hash of sums, the queue of holds by the time they end.
--
-- ARGV[1] run id or '=' for the operation's id
--
-- RETURNS nothing
--@include lib/account.lua
--@include lib/operation.lua

end_run(keys_of(KEYS[1]), ARGV[1], now_ms())
return false
