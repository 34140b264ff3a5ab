// The page that shows what would have been mailed.
#pragma once

#include "dispatch/dispatcher.h"
#include "pools/letter_box.h"

namespace stator::services::cognito {

// GET /_stator/outbox[?pool=ID][&user=NAME][&after=ID]: {"messages":[...]}. Codes let whoever reads them in, so they
// are shown on this machine only, whatever the server listens on, and never to a script of a web page. Borrows the box.
void AddOutboxPage(dispatch::Dispatcher& dispatcher, const pools::LetterBox& box);

}  // namespace stator::services::cognito
