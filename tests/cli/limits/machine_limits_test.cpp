#include "limits/machine_limits.h"

#include <thread>

#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "limits/memory_gate.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

/// A system whose files of control groups say this.
struct System {
    void says(const std::string& file, const std::string& text) {
        boost::filesystem::create_directories((root / file).parent_path());
        test::write_bytes(root / file, text + "\n");
    }
    MachineLimits limits() const { return machine_limits(root.path()); }
    test::TemporaryFolder root;
};

constexpr std::uint64_t megabyte = 1'000'000;

}  // namespace

TEST_CASE("without control groups the machine's cores are the limit", "[machine_limits]") {
    const System system;
    CHECK(system.limits().cores == static_cast<int>(std::thread::hardware_concurrency()));
    CHECK(system.limits().memory == 0);
}

TEST_CASE("limits of a group and of all groups above it count", "[machine_limits]") {
    System system;
    system.says("proc/self/cgroup", "0::/slice/job");
    system.says("sys/fs/cgroup/cpu.max", "max 100000");
    system.says("sys/fs/cgroup/slice/cpu.max", "50000 100000");
    system.says("sys/fs/cgroup/slice/job/cpu.max", "900000 100000");
    system.says("sys/fs/cgroup/slice/job/memory.max", "536870912");
    system.says("sys/fs/cgroup/slice/memory.max", "max");
    CHECK(system.limits().cores == 1);
    CHECK(system.limits().memory == 536870912);
}

TEST_CASE("the limits of a container are found, whatever its group is called outside", "[machine_limits]") {
    System system;
    const bool version_1 = GENERATE(false, true);
    if (version_1) {
        system.says("proc/self/cgroup", "5:cpu,cpuacct:/docker/123\n4:memory:/docker/123");
        system.says("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "100000");
        system.says("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");
        system.says("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000000");
    } else {
        system.says("proc/self/cgroup", "0::/../outside");
        system.says("sys/fs/cgroup/cpu.max", "100000 100000");
        system.says("sys/fs/cgroup/memory.max", "1000000000");
    }
    CHECK(system.limits().cores == 1);
    CHECK(system.limits().memory == 1'000'000'000);
}

TEST_CASE("version 1 writes no limit as -1 and as a huge number", "[machine_limits]") {
    System system;
    system.says("proc/self/cgroup", "5:cpu:/\n4:memory:/");
    system.says("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    system.says("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    system.says("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    CHECK(system.limits().cores == static_cast<int>(std::thread::hardware_concurrency()));
    CHECK(system.limits().memory == 0);
}

TEST_CASE("jobs follow the cores, unless asked for or memory is short", "[machine_limits]") {
    CHECK(plan_work(0, 0, {6, 0}).jobs == 6);
    CHECK(plan_work(3, 0, {6, 0}).jobs == 3);
    CHECK_FALSE(plan_work(0, 0, {6, 0}).strict);
    const WorkPlan small = plan_work(0, 400 * megabyte, {16, 0});
    CHECK(small.jobs < 16);
    CHECK(small.jobs >= 1);
    CHECK(small.strict);
    const WorkPlan container = plan_work(0, 0, {16, 400 * megabyte});
    CHECK(container.jobs == small.jobs);
    CHECK(container.strict);
    CHECK(plan_work(0, 0, {4, 100 * megabyte}).jobs == 1);  // too little, but nobody asked
    CHECK_THROWS_WITH(plan_work(0, 100 * megabyte, {4, 0}),
                      ContainsSubstring("is 100 MB and should be at least"));
    CHECK_THROWS_AS(plan_work(16, 400 * megabyte, {4, 0}), Error);
}

TEST_CASE("more memory never means less of anything", "[machine_limits]") {
    WorkPlan before = plan_work(0, 300 * megabyte, {8, 0});
    for (std::uint64_t memory = 310; memory < 4000; memory += 10) {
        const WorkPlan plan = plan_work(0, memory * megabyte, {8, 0});
        CHECK(plan.jobs >= before.jobs);
        before = plan;
    }
    CHECK(before.jobs == 8);
}

TEST_CASE("a strict budget refuses what does not fit it, another one lets it through alone",
          "[machine_limits]") {
    MemoryGate gate(100);
    { const MemoryGate::Pass huge(gate, 1000); }
    gate.set_budget(100'000'000, true);
    const MemoryGate::Pass small(gate, 90'000'000);
    CHECK_THROWS_WITH(MemoryGate::Pass(gate, 150'000'000), ContainsSubstring("needs about 151 MB to decode"));
}
