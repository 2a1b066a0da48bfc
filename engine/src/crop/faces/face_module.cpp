#include "crop/faces/face_module.h"

#include <memory>
#include <mutex>
#include <stdexcept>

#include <piaa/export.h>

#include "crop/faces/yunet.h"

namespace piaa {
namespace {

class YuNetFinder : public FaceFinder {
public:
    std::vector<Face> find(const Image& picture, const std::string& network) const override {
        const cv::Mat colour(picture.height(), picture.width(), CV_8UC3,
                             const_cast<std::uint8_t*>(picture.pixels().data()));
        auto net = borrow(network);
        auto faces = net->find(colour);
        give_back(std::move(net));
        return faces;
    }

private:
    using Net = std::unique_ptr<YuNet>;

    /// A network keeps its working memory, so each thread needs one at a time.
    Net borrow(const std::string& network) const {
        {
            const std::lock_guard lock(mutex_);
            if (!free_.empty()) {
                Net net = std::move(free_.back());
                free_.pop_back();
                return net;
            }
        }
        cv::setNumThreads(1);
        try {
            return std::make_unique<YuNet>(network);
        } catch (const cv::Exception&) {
            throw std::runtime_error(network + " cannot be read as a face detector");
        }
    }

    void give_back(Net net) const {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(net));
    }

    mutable std::mutex mutex_;
    mutable std::vector<Net> free_;
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::FaceFinder* piaa_face_finder() {
    static const piaa::YuNetFinder finder;
    return &finder;
}
