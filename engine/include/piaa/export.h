#pragma once

/// Marks what libpiaa shows to programs that link it; everything else stays inside.
#define PIAA_API __attribute__((visibility("default")))
