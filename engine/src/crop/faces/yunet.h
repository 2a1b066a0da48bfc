#pragma once

#include <array>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "crop/faces/face_module.h"

namespace piaa {

/// YuNet: Wu, Peng and Yu, "YuNet: a tiny millisecond-level face detector" (2023), run by cv::dnn. OpenCV's
/// own FaceDetectorYN of Debian 12 takes only the network's older form, so its outputs are decoded here,
/// alike on every OpenCV.
class YuNet {
public:
    /// Throws cv::Exception where the file cannot be read.
    explicit YuNet(const std::string& file);

    /// colour: RGB, 8 bits. Faces in its pixels, the most certain first. Not safe to call from two threads.
    std::vector<Face> find(const cv::Mat& colour);

private:
    cv::dnn::Net net_;
    std::vector<std::string> outputs_;
};

}  // namespace piaa
