"""Sends receipts to customers who left an address."""

import smtplib
from email.message import EmailMessage

from coffee.settings import Mail


def send(settings: Mail, recipient: str, subject: str, text: str) -> None:
    """Send one message; a user name makes the connection an encrypted one."""
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = recipient
    message["Subject"] = subject
    message.set_content(text)
    with smtplib.SMTP(settings.host, settings.port, timeout=10) as server:
        if settings.user:
            server.starttls()
            server.login(settings.user, settings.password)
        server.send_message(message)
