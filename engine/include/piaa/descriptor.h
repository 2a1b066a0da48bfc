#pragma once

#include <unistd.h>

namespace piaa {

/// An open file, closed whatever happens. Holds less than 0 where opening failed, as open() gives it.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return number_; }

private:
    int number_;
};

}  // namespace piaa
