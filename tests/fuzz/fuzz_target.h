#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a fuzz target defines: libFuzzer calls the first with inputs of its own making; where there is no
/// libFuzzer, mutation_driver.cpp calls it with the seeds, damaged in many ways. The function must
/// return 0 whatever it is given; a crash, a hang or an unexpected exception is the finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Good inputs to start from.
std::vector<std::string> fuzz_seeds();
