// The whole contract; include it once in a test program.
#pragma once

#include "engine/contract_logs.h"   // IWYU pragma: export
#include "engine/contract_race.h"   // IWYU pragma: export
#include "engine/contract_rows.h"   // IWYU pragma: export
#include "engine/contract_space.h"  // IWYU pragma: export
