-- Reads a purchase within the account that it belongs to.
--
-- KEYS[1] purchase  hash
--
-- RETURNS {'purchase', purchase…, time}, or {'elsewhere'} when nothing was ever prepared here
--@include lib/account.lua
--@include lib/purchase.lua

local purchase = read_purchase(KEYS[1])
-- Without terms it is the grave of a purchase that was never prepared here; with terms, a failed one on its way.
if not purchase or not purchase.has_terms then return { 'elsewhere' } end
return with_purchase({ 'purchase' }, KEYS[1], integer(now_ms()))
