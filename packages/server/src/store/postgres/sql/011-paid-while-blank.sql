-- A payment is remembered as its purchase while credit is being rebuilt, too.

DROP TRIGGER refuse_while_blank ON stripe402.purchases;
CREATE TRIGGER refuse_while_blank BEFORE INSERT ON stripe402.purchases
  FOR EACH ROW WHEN (NEW.status <> 'credited') EXECUTE FUNCTION stripe402.refuse_while_blank_v1();
