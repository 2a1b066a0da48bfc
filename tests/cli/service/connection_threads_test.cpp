#include "service/connection_threads.h"

#include <atomic>
#include <latch>

#include "support/catch.h"

using piaa::cli::ConnectionThreads;

TEST_CASE("connections beyond the threads wait, and all are served before the end", "[serve][connections]") {
    ConnectionThreads threads(3);
    std::latch busy(3), gate(1);
    std::atomic<int> started = 0, open = 0, served = 0;
    std::atomic<bool> too_many = false;
    for (int i = 0; i < 20; ++i)
        threads.enqueue([&] {
            if (++open > 3) too_many = true;
            if (++started <= 3) busy.count_down();
            gate.wait();
            --open;
            ++served;
        });
    busy.wait();
    CHECK(served == 0);
    gate.count_down();
    threads.shutdown();
    CHECK(served == 20);
    CHECK_FALSE(too_many);
}
