/** What a person can do something about; its message says what. */
final class Problem extends Exception {
    private static final long serialVersionUID = 1L;

    Problem(String message) {
        super(message);
    }
}
