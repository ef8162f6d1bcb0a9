/** The paid part of the article, as the inner HTML of an article element. It begins with the teaser, whose place it takes. */
export const ARTICLE_HTML = `<p>What was it reserved for, and why did the future take so long? The answer is a story of a
header that nobody wrote, of coins that nobody used, and of a problem that telephone companies had solved long before.</p>

<p>The idea is as old as the web itself. In the notes that described HTTP at CERN in the early
nineties, between <em>401 Unauthorized</em> and <em>403 Forbidden</em>, stands a code for money. A server that answers it
says which “charging schemes” it accepts, and the client may try again “with a suitable ChargeTo header”. The header was
described too: an account, in a namespace that was yet to be registered, and, as a recommendation, the highest cost the
reader was willing to bear. Its format was marked <em>TBS</em>: to be specified.</p>

<p>It never was. When HTTP/1.1 became RFC 2068 in January 1997, the code had kept its number and its name, and the
explanation had shrunk to one line: “This code is reserved for future use.” RFC 2616 repeated it in 1999, RFC 7231 in 2014.
RFC 9110, the HTTP of today, was published in June 2022. Its section on 402 is one sentence long, and it still says the
same.</p>

<h2>The years of digital coins</h2>

<p>It was not for lack of trying. In December 1995 the World Wide Web Consortium and CommerceNet met in Paris about
electronic payments; a month earlier a draft of a Micro Payment Transfer Protocol had come out. David Chaum’s DigiCash
issued electronic coins that even the bank could not trace back to the person who spent them. Digital Equipment built Millicent, for amounts down to a tenth
of a cent. Almost every one of these systems asked both sides to adopt something new first: a wallet, a coin, a broker. In
1998 DigiCash went bankrupt.</p>

<p>In December 2000 Clay Shirky wrote the obituary, <cite>The Case Against Micropayments</cite>. His argument was not about
cryptography. A price, however small, asks for a decision, and a decision has a cost of its own. A reader who must make up
her mind at every link will sooner or later decide to read something else. The web went on to pay for itself with
advertising.</p>

<h2>Why a cent will not fit on a card</h2>

<p>Cards had the opposite trouble. Everybody had one, and nobody could use it for a cent: a card charge usually carries
a fixed fee of some tens of cents, and card processors refuse very small amounts. Stripe will not charge less than fifty cents in
dollars.</p>

<p>Both problems have the same answer, and telephone companies, arcades and laundrettes have known it for decades. You do
not pay for a call; you buy a phone card. One decision, one charge, many small uses. The decision is taken when you are
willing to take it. After that, the coins go into the slot without a sound.</p>

<h2>What the code was waiting for</h2>

<p>Put that behind the old status code and the pieces fall into place. The server answers 402 and says what the page costs,
and which card processor it works with. The browser already knows how to show a form. One charge of a few dollars becomes
credit; the request is sent again with a header that says who is paying, and the article arrives. The next one arrives at
once.</p>

<p>No coin had to be minted for it, no wallet installed, no standard amended. That is what you have just seen. This article cost
you five cents, which no card on earth could have paid by itself, and if you reload the page now, it will cost you
nothing: you have read it.</p>
`
