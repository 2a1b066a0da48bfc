#pragma once

#include <sys/stat.h>
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

/// Whether the name still leads to the file that was opened by it.
inline bool is_named(int open_file, const char* name) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(open_file, &opened) == 0 && ::stat(name, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

}  // namespace piaa
