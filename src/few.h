#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace gmm1d {

/// A vector that holds a few elements in place. Mixtures are copied and summed up
/// thousands of times in a search, and allocating memory for each would take as long as
/// a pass over a hundred points.
template <class T>
class Few {
  static_assert(std::is_trivially_copyable_v<T>, "elements are copied as bytes");

 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  Few() = default;
  explicit Few(std::size_t size) { resize(size); }
  Few(std::initializer_list<T> some) { assign(some.begin(), some.size()); }
  Few(const Few& other) { copy(other); }
  Few(Few&& other) noexcept { take(other); }
  Few& operator=(const Few& other) {
    if (this != &other) copy(other);
    return *this;
  }
  Few& operator=(Few&& other) noexcept {
    if (this == &other) return *this;
    release();
    take(other);
    return *this;
  }
  ~Few() { release(); }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  const T& back() const { return data_[size_ - 1]; }

  void push_back(T one) {
    if (size_ == capacity_) reserve(2 * capacity_);
    data_[size_++] = one;
  }
  /// New elements are zeros.
  void resize(std::size_t size) {
    reserve(size);
    if (size > size_) std::fill(data_ + size_, data_ + size, T{});
    size_ = size;
  }
  void erase(T* first, T* last) {
    size_ = static_cast<std::size_t>(std::copy(last, end(), first) - data_);
  }
  void erase(T* one) { erase(one, one + 1); }

  bool operator==(const Few& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }
  bool operator!=(const Few& other) const { return !(*this == other); }

 private:
  static constexpr std::size_t kInPlace = 12;

  bool is_in_place() const { return data_ == in_place_; }
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    T* const more = std::copy(begin(), end(), new T[capacity]) - size_;
    release();
    data_ = more;
    capacity_ = capacity;
  }
  void assign(const T* from, std::size_t size) {
    reserve(size);
    std::copy_n(from, size, data_);
    size_ = size;
  }
  /// Copies the whole place, which takes less time than finding out how much is used.
  void copy_in_place(const T* from) { std::memcpy(in_place_, from, sizeof in_place_); }
  void copy(const Few& other) {
    if (is_in_place() && other.is_in_place()) {
      copy_in_place(other.data_);
      size_ = other.size_;
    } else {
      assign(other.data_, other.size_);
    }
  }
  void release() {
    if (!is_in_place()) delete[] data_;
    data_ = in_place_;
    capacity_ = kInPlace;
  }
  /// Takes the elements of another, which becomes empty. Has none of its own in memory.
  void take(Few& other) {
    if (other.is_in_place()) {
      copy_in_place(other.data_);
    } else {
      data_ = std::exchange(other.data_, other.in_place_);
      capacity_ = std::exchange(other.capacity_, kInPlace);
    }
    size_ = std::exchange(other.size_, 0);
  }

  T* data_ = in_place_;
  std::size_t size_ = 0, capacity_ = kInPlace;
  T in_place_[kInPlace];
};

}  // namespace gmm1d
