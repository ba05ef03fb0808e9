/**
 * Solves A x = b for a symmetric positive definite A, in place: A becomes its Cholesky factor (lower
 * half), b the solution.
 * @param matrix  (n, n) float64, row-major; only the lower half is read
 * @param rhs     (n) float64
 * @returns false when A is not positive definite; both arrays are then spoilt
 * Source: Golub and Van Loan, Matrix Computations, algorithm 4.2.1 by rows
 */
export function choleskySolveInPlace(matrix: Float64Array, rhs: Float64Array): boolean {
  const size = rhs.length;
  if (!factorInPlace(matrix, size)) return false;
  for (let row = 0; row < size; row += 1) {
    let sum = rhs[row]!;
    for (let k = 0; k < row; k += 1) sum -= matrix[row * size + k]! * rhs[k]!;
    rhs[row] = sum / matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = rhs[row]!;
    for (let k = row + 1; k < size; k += 1) sum -= matrix[k * size + row]! * rhs[k]!;
    rhs[row] = sum / matrix[row * size + row]!;
  }
  return true;
}

function factorInPlace(matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k += 1) {
        sum -= matrix[row * size + k]! * matrix[column * size + k]!;
      }
      if (column < row) {
        matrix[row * size + column] = sum / matrix[column * size + column]!;
      } else {
        if (!(sum > 0)) return false;
        matrix[row * size + row] = Math.sqrt(sum);
      }
    }
  }
  return true;
}
